import ArgumentParser

/// The command `agentctl conversations`.
struct Conversations: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List conversations, show one, or settle a call that was cut off.",
        discussion: """
            EXAMPLE
              agentctl conversations list --limit 10
              agentctl conversations show 123
              agentctl conversations resolve 123/4 --call 1 happened
            """,
        subcommands: [ConversationList.self, ConversationShow.self, ConversationResolve.self]
    )
}
