import ArgumentParser
import Engine
import JSON
import Store

/// The command `agentctl guardrails`.
struct GuardrailDefinitions: DefinitionGroup {
    static let configuration = CommandConfiguration(
        commandName: "guardrails",
        abstract: "List and show the guardrails; compare their versions, and put one in force.",
        discussion: """
            EXAMPLE
              agentctl guardrails list
              agentctl guardrails show secrets
            """,
        subcommands: [DefinitionList<Self>.self, DefinitionShow<Self>.self] + versionCommands + [
            DefinitionRemoval<Self>.self
        ]
    )

    static let kind = "guardrail"
    static let plural = "guardrails"
    static let example = "secrets"
    static let hint = "register some: agentctl register FILE"
    static let columns = [
        ReportColumn("name"), ReportColumn("version", .count), ReportColumn("applies_to"), ReportColumn("check"),
        ReportColumn("action"), ReportColumn("agents"), ReportColumn("description"),
    ]

    static func report(_ stores: Stores) async throws -> [JSONObject] {
        try await stores.reports.guardrailReport()
    }
}
