import ArgumentParser

/// The command `agentctl memory`.
struct Memory: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "What agents know tomorrow: remember, recall and forget.",
        discussion: """
            A memory is seen by all, or by an agent, a user of your application, or a conversation. Agents with the field memory \
            are shown what fits a message: docs/memory.md.

            EXAMPLE
              agentctl memory remember 'Deploys happen on Tuesdays'
              agentctl memory remember 'Ada is allergic to peanuts' --user ada --importance 0.9
              agentctl memory recall 'What can Ada not eat?' --user ada
              agentctl memory forget 12
            """,
        subcommands: [
            MemoryRemember.self, MemoryRecall.self, MemoryForget.self, MemoryList.self, MemoryShow.self,
            MemoryHistory.self, MemoryClear.self, MemoryExport.self, MemoryImport.self, MemoryStats.self,
            MemoryEvaluate.self, MemoryPurge.self,
        ]
    )
}
