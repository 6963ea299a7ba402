import ArgumentParser
import Engine
import Store

/// The command `agentctl conversations retry`.
struct ConversationRetry: ToolCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry",
        abstract: "Send the message of the last turn again, which failed, reached a limit or was interrupted.",
        discussion: """
            The messages of that turn are undone first. Where it had effects, delegated tasks or took messages up, they stay, \
            so that the model sees what has been done already. It ends as agentctl send does.

            EXAMPLE
              agentctl conversations retry 123
            """
    )

    @Argument(help: "The conversation.")
    var id: String

    @Option(help: SendTimeout.help)
    var timeout: TimeSpan?

    @OptionGroup var tools: ToolOptions
    @OptionGroup var options: GlobalOptions

    func run(on console: Console) async throws -> ExitStatus {
        try await withStores(on: console) { stores in
            try await withEngine(stores, tools) { engine in
                var session = ConversationSession(id, engine: engine, stores: stores, console: console)
                session.timeout = timeout?.duration
                let lastEvent = try await stores.conversations.lastEvent(of: id)
                let seq = try await stores.conversations.retry(id)
                do {
                    let summary = try await session.goOn(seq, after: lastEvent)
                    await session.printResult(summary)
                    return summary.exitStatus
                } catch {
                    throw CommandFailure(error).ofStored("\(id)/\(seq)")
                }
            }
        }
    }
}
