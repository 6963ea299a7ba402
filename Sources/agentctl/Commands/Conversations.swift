import ArgumentParser

/// The command `agentctl conversations`.
struct Conversations: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List conversations, or show one.",
        discussion: """
            EXAMPLE
              agentctl conversations list --limit 10
              agentctl conversations show 123
            """,
        subcommands: [ConversationList.self, ConversationShow.self]
    )
}
