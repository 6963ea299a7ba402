import ArgumentParser
import Engine
import JSON
import Store

/// The command `agentctl hooks`.
struct Hooks: DefinitionGroup {
    static let configuration = CommandConfiguration(
        abstract: "See which services are told what has happened, test them, send again.",
        discussion: """
            Hooks are stored with agentctl register, from documents of the kind hook. Any running worker (agentctl work) \
            sends what has happened, signed, until the receiver has answered.

            EXAMPLE
              agentctl hooks list
              agentctl hooks test orders
              agentctl hooks deliveries orders --state dead
              agentctl hooks redeliver 17
            """,
        subcommands: [
            DefinitionList<Self>.self, DefinitionShow<Self>.self, HookDeliveries.self, HookTest.self,
            HookRedeliver.self,
        ] + versionCommands + [DefinitionRemoval<Self>.self]
    )

    static let kind = "hook"
    static let plural = "hooks"
    static let example = "orders"
    static let hint = "register some: agentctl register FILE"
    static let columns = [
        ReportColumn("name"), ReportColumn("events"), ReportColumn("url"), ReportColumn("enabled"),
        ReportColumn("pending", .count), ReportColumn("dead", .count), ReportColumn("stopped_at", .time),
        ReportColumn("description"),
    ]

    static func report(_ stores: Stores) async throws -> [JSONObject] {
        try await stores.reports.hookReport()
    }
}
