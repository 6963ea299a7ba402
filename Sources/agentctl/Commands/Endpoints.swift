import ArgumentParser
import Engine
import JSON
import Store

/// The command `agentctl endpoints`.
struct Endpoints: DefinitionGroup {
    static let configuration = CommandConfiguration(
        abstract: "List and show the servers of models, see which of them fail, and have one asked again.",
        discussion: """
            An endpoint is a document that several models share, or the address of a model with the name of the variable \
            that holds its key; such a one is listed when a call to it has failed. No worker asks one that fails often, \
            until one call has found out that it answers again.

            EXAMPLE
              agentctl endpoints list
              agentctl endpoints show gateway
              agentctl endpoints close "https://api.example.com/v1 EXAMPLE_KEY"
            """,
        subcommands: [EndpointList.self, DefinitionShow<Self>.self, EndpointClose.self] + versionCommands + [
            DefinitionRemoval<Self>.self
        ]
    )

    static let kind = "endpoint"
    static let plural = "endpoints"
    static let example = "gateway"
    static let hint = "register some: agentctl register FILE"
    static let columns = [
        ReportColumn("endpoint"), ReportColumn("state"), ReportColumn("reason"), ReportColumn("models", .count),
        ReportColumn("calls"), ReportColumn("failures"), ReportColumn("opened_at", .time),
        ReportColumn("next_probe_at", .time), ReportColumn("base_url"), ReportColumn("error_code"),
        ReportColumn("error_message"),
    ]

    static func report(_ stores: Stores) async throws -> [JSONObject] {
        try await stores.reports.endpointReport()
    }
}
