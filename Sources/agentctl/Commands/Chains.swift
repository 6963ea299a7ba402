import ArgumentParser

/// The command `agentctl chains`.
struct Chains: AsyncParsableCommand {
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
        ]
    )
}
