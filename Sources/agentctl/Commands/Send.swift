import ArgumentParser
import Conversation
import Engine
import Glibc
import JSON
import Logging
import Store
import Tools

/// The command `agentctl send`.
struct Send: ToolCommand {
    static let configuration = CommandConfiguration(
        abstract: "Send a message to a conversation and stream the reply.",
        discussion: """
            The message is stored first; then a running worker (agentctl work) processes it and this command follows, or, \
            when there is none, this command processes it itself. Tool calls are shown on stderr as they run, and what \
            the tasks below the turn do and say, labelled with the agent. Ctrl-C interrupts the turn when it runs here; a \
            worker continues.

            It waits in the queue of its agent, or in that of --queue, for a worker that works it off (agentctl work --queue) and \
            has what the agent needs. With --workspace only a worker with that directory processes it, or this command.

            A new conversation without --agent gets the agent that fits the message best, and keeps it: agentctl route.

            With --json, events are printed one a line as they come, the summary of the turn last. Events of tasks have the \
            members turn and agent. It ends with 6 when the turn waits for an approval, for a call in doubt or for a worker \
            that has what it needs, or when --timeout is over: the message is stored then.

            EXAMPLE
              agentctl send --conversation 123 'What is 15% of 2847?'
              git diff | agentctl send --conversation review --agent Reviewer -
              agentctl send --conversation 7 --input '{"query": "TODO"}' --idempotency-key order-7
              agentctl send --conversation 7 --no-wait --queue reports 'Write the report'; agentctl trace 7
            """
    )

    @OptionGroup var turn: TurnOptions

    @Option(help: ArgumentHelp("Structured input that the agent's input schema describes.", valueName: "json"))
    var input: String?

    @Option(help: ArgumentHelp("The same key in a conversation is the same message.", valueName: "key"))
    var idempotencyKey: String?

    @Option(help: ArgumentHelp("The queue that it waits in, when not its agent's.", valueName: "name"))
    var queue: String?

    @Flag(help: "Store the message, print its turn, and end: a worker processes it.")
    var noWait = false

    @Option(help: SendTimeout.help)
    var timeout: TimeSpan?

    @Argument(help: "The message, or - for stdin.")
    var message: String?

    @OptionGroup var options: GlobalOptions

    /// The largest message that is read from stdin; the database's setting max_message_bytes may be lower.
    private static let maximumBytes = 16 << 20

    func validate() throws {
        guard (message == nil) != (input == nil) else {
            throw ValidationError("Give either a message or --input.")
        }
        guard !noWait || timeout == nil else { throw ValidationError("--no-wait and --timeout exclude each other.") }
        if let message, message.isEmpty { throw ValidationError("The message is empty.") }
    }

    var tools: ToolOptions { turn.tools }

    func run(on console: Console) async throws -> ExitStatus {
        let content = try content()
        do {
            return try await withStores(on: console) { stores in
                if noWait { return try await leave(content, in: stores.conversations, on: console) }
                return try await withEngine(stores, turn.tools) { engine in
                    var session = ConversationSession(
                        turn.conversation,
                        agent: turn.agent,
                        engine: engine,
                        stores: stores,
                        console: console
                    )
                    session.timeout = timeout?.duration
                    session.queue = queue
                    session.user = turn.user
                    return try await session.send(content, idempotencyKey: idempotencyKey)
                }
            }
        } catch let error as StoreError {
            // The database cannot be reached, or has another schema: nothing was sent.
            throw CommandFailure(unsent: error, to: turn.conversation, hasKey: idempotencyKey != nil)
        }
    }

    /// Stores the message for a worker.
    private func leave(
        _ content: SubmissionContent,
        in conversations: ConversationStore,
        on console: Console
    ) async throws -> ExitStatus {
        let seq = try await conversations.submit(
            content,
            to: turn.conversation,
            agent: turn.agent,
            idempotencyKey: idempotencyKey,
            queue: queue,
            workspace: turn.tools.workspace.map(AgentEngine.workspaceName),
            user: turn.user
        )
        let name = "\(turn.conversation)/\(seq)"
        if console.isJSON {
            console.print([
                "turn": .string(name), "conversation_id": .string(turn.conversation), "seq": .integer(seq),
            ])
        } else {
            console.print(console.output.shown(name))
        }
        if try await !conversations.hasService(for: turn.conversation) {
            console.note("no worker serves it; it waits for one: agentctl work")
        }
        return .done
    }

    private func content() throws -> SubmissionContent {
        if let input {
            return .input(try JSONValue(option: "--input", input))
        }
        guard let message, message == "-" else { return .message(message ?? "") }
        let bytes = try InputFile.read(STDIN_FILENO, name: "<stdin>", limit: Self.maximumBytes)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw CommandFailure(.refused, code: "invalid", "<stdin> is not text in UTF-8")
        }
        guard !text.isEmpty else { throw CommandFailure(.usage, code: "usage", "<stdin> is empty") }
        return .message(text)
    }
}
