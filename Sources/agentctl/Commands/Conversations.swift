import ArgumentParser

/// The command `agentctl conversations`.
struct Conversations: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: """
            List and show conversations and what the model is sent; cancel messages; undo, retry, fork, change, compact, \
            close, delete, export and import.
            """,
        discussion: """
            EXAMPLE
              agentctl conversations list --limit 10
              agentctl conversations show 123
              agentctl conversations prompt 123
              agentctl conversations cancel 123 --message 4
              agentctl conversations undo 123 --turns 2
              agentctl conversations resolve 123/4 --call 1 happened
              agentctl conversations rm 123
            """,
        subcommands: [
            ConversationList.self, ConversationShow.self, ConversationPrompt.self, ConversationCancel.self,
            ConversationUndo.self, ConversationRedo.self, ConversationRetry.self, ConversationFork.self,
            ConversationSet.self,
            ConversationCompact.self,
            ConversationClose.self, ConversationResolve.self, ConversationGrant.self, ConversationGrants.self,
            ConversationRemoval.self,
            ConversationExport.self,
            ConversationImport.self,
        ]
    )
}
