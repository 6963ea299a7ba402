import ArgumentParser
import Engine
import JSON
import Store

/// The command `agentctl chains`.
struct Chains: DefinitionGroup {
    static let configuration = CommandConfiguration(
        abstract: "Run chains, draw them, and look at their runs.",
        discussion: """
            A chain is several agents, tools and functions that work on one thing. It is stored with agentctl register, from \
            a document of the kind chain.

            EXAMPLE
              agentctl chains list
              agentctl chains show research
              agentctl chains show research --svg > research.svg
              agentctl chains check research.yaml
              agentctl chains run research 'electric ferries'
            """,
        subcommands: [
            ChainList.self, ChainShow.self, ChainCheck.self, ChainRun.self, ChainRuns.self, ChainState.self,
            ChainRerun.self,
        ] + versionCommands + [DefinitionRemoval<Self>.self]
    )

    static let kind = "chain"
    static let plural = "chains"
    static let example = "research"
    static let hint = "register some: agentctl register FILE"
    static let columns = [
        ReportColumn("name"), ReportColumn("version", .count), ReportColumn("access"), ReportColumn("kind"),
        ReportColumn("strategy"), ReportColumn("nodes", .count), ReportColumn("agents"), ReportColumn("description"),
    ]

    static func report(_ stores: Stores) async throws -> [JSONObject] {
        try await stores.reports.chainReport()
    }
}
