import ArgumentParser
import Engine
import JSON
import Store

/// The command `agentctl agents`.
struct AgentDefinitions: DefinitionGroup {
    static let configuration = CommandConfiguration(
        commandName: "agents",
        abstract: "List and show the agents; compare their versions, put one in force, or take one out of it.",
        discussion: """
            EXAMPLE
              agentctl agents list
              agentctl agents show assistant
            """,
        subcommands: [DefinitionList<Self>.self, DefinitionShow<Self>.self] + versionCommands
            + [DefinitionRemoval<Self>.self]
    )

    static let kind = "agent"
    static let plural = "agents"
    static let example = "assistant"
    static let hint = "register some: agentctl register FILE"
    static let columns = [
        ReportColumn("name"), ReportColumn("version", .count), ReportColumn("access"), ReportColumn("model"),
        ReportColumn("tools"), ReportColumn("functions"), ReportColumn("policies"), ReportColumn("guardrails"),
        ReportColumn("description"),
    ]

    static func report(_ stores: Stores) async throws -> [JSONObject] {
        try await stores.reports.agentReport()
    }
}
