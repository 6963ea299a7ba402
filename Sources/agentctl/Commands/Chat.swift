import ArgumentParser
import Conversation
import Engine
import Glibc
import JSON
import Logging
import Store

/// The command `agentctl chat`.
struct Chat: ToolCommand {
    static let configuration = CommandConfiguration(
        abstract: "Talk to an agent, a line a message.",
        discussion: """
            Ctrl-C interrupts the running turn, Ctrl-D or /quit ends, /help says so. Messages of other clients are part of the conversation, \
            too. On a terminal it asks about calls that need an approval: y once, c for the same call in this conversation, \
            n no, l later.

            EXAMPLE
              agentctl chat --conversation 123
            """
    )

    @OptionGroup var turn: TurnOptions

    @OptionGroup var options: GlobalOptions

    var tools: ToolOptions { turn.tools }

    func run(on console: Console) async throws -> ExitStatus {
        try await withStores(on: console) { stores in
            try await withEngine(stores, turn.tools) { engine in
                var session = ConversationSession(
                    turn.conversation,
                    agent: turn.agent,
                    engine: engine,
                    stores: stores,
                    console: console
                )
                session.user = turn.user
                return try await talk(session, on: console)
            }
        }
    }

    private static let help = """
        A line is a message. Ctrl-C interrupts the running turn; Ctrl-D or /quit ends, and the conversation stays.
        About a call that needs an approval: y once, c for the same call in this conversation, n no, l later.
        """

    /// Reads lines and sends them until there are no more.
    ///
    /// - Returns: How the last turn ended, so that a script that pipes lines in knows; interrupted ones do not count.
    private func talk(_ session: ConversationSession, on console: Console) async throws -> ExitStatus {
        let isInteractive = isatty(STDIN_FILENO) == 1
        let lines = LineReader()
        var last = ExitStatus.done
        if isInteractive { console.note("conversation \(turn.conversation): Ctrl-C interrupts a turn, Ctrl-D ends") }
        while true {
            if isInteractive { console.messages.write(console.messages.styled("> ", .green)) }
            switch try await ApprovalDialog.next(of: lines) {
            case .line(let line):
                guard line.contains(where: { !$0.isWhitespace }) else { continue }
                if isInteractive, ["/quit", "/exit"].contains(line) { return last }
                if isInteractive, line == "/help" {
                    console.note(Self.help)
                    continue
                }
                do {
                    last = try await converse(line, session, lines, asks: isInteractive, on: console)
                } catch let failure where isInteractive {
                    // A refused message is no reason to hang up.
                    last = CommandFailure(failure).status
                    console.report(CommandFailure(failure))
                }
                if last == .interrupted { last = .done }
            case .tooLong: console.note("the line has more than \(LineReader.maximumBytes >> 10) KiB and was left out")
            case .interrupted: console.messages.write("\n")
            case .end:
                if isInteractive { console.messages.write("\n") }
                return last
            }
        }
    }

    /// Sends a line; asks about tool calls that wait for a person, if there is one.
    private func converse(
        _ line: String,
        _ session: ConversationSession,
        _ lines: LineReader,
        asks: Bool,
        on console: Console
    ) async throws -> ExitStatus {
        let dialog = ApprovalDialog(store: session.store, console: console)
        var summary = try await session.converse(.message(line))
        while asks, summary.waitReason == .approval {
            let lastEvent = try await session.store.lastEvent(of: session.conversation)
            guard try await dialog.decide(of: session.conversation, lines) else { break }
            summary = try await session.goOn(summary.seq, after: lastEvent)
        }
        await session.printResult(summary)
        return summary.exitStatus
    }
}
