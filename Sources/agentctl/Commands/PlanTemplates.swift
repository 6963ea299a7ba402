import ArgumentParser
import Engine
import JSON
import Store

/// The commands `agentctl plans templates`.
struct PlanTemplates: DefinitionGroup {
    static let configuration = CommandConfiguration(
        commandName: "templates",
        abstract: "List the templates that plans are made from, or show one with its versions.",
        discussion: """
            EXAMPLE
              agentctl plans templates list
              agentctl plans templates show release
            """,
        subcommands: [DefinitionList<Self>.self, DefinitionShow<Self>.self] + versionCommands
            + [DefinitionRemoval<Self>.self]
    )

    static let kind = "plan"
    static let plural = "plans templates"
    static let example = "release"
    static let hint = "register some: agentctl register FILE"
    static let columns = [
        ReportColumn("name"), ReportColumn("version", .count), ReportColumn("created_at", .time),
        ReportColumn("created_by"), ReportColumn("description"),
    ]

    static func report(_ stores: Stores) async throws -> [JSONObject] {
        try await stores.reports.planTemplates()
    }
}
