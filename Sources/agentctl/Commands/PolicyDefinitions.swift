import ArgumentParser
import Engine
import JSON
import Store

/// The command `agentctl policies`.
struct PolicyDefinitions: DefinitionGroup {
    static let configuration = CommandConfiguration(
        commandName: "policies",
        abstract: "List and show the policies; compare their versions, and put one in force.",
        discussion: """
            EXAMPLE
              agentctl policies list
              agentctl policies show default
            """,
        subcommands: [DefinitionList<Self>.self, DefinitionShow<Self>.self] + versionCommands + [
            DefinitionRemoval<Self>.self
        ]
    )

    static let kind = "policy"
    static let plural = "policies"
    static let example = "default"
    static let hint = "register some: agentctl register FILE"
    static let columns = [
        ReportColumn("name"), ReportColumn("version", .count), ReportColumn("rules", .count),
        ReportColumn("order_rules", .count), ReportColumn("agents"), ReportColumn("description"),
    ]

    static func report(_ stores: Stores) async throws -> [JSONObject] {
        try await stores.reports.policyReport()
    }
}
