import ArgumentParser
import Engine
import JSON
import Store

/// The command `agentctl watch`.
struct Watch: Command {
    static let configuration = CommandConfiguration(
        abstract: "Watch the turns of all conversations, live, each with the tasks that it delegated.",
        discussion: """
            On a terminal the turns are painted again whenever something changes. Into a pipe goes one line for each turn \
            that begins, waits, goes on or ends; with --json an object a line. It ends with Ctrl-C, or with --root when the \
            turn has ended.

            EXAMPLE
              agentctl watch
              agentctl watch --conversation 123
              agentctl watch --root 123/4 --json
            """
    )

    @Option(name: .shortAndLong, help: ArgumentHelp("Only the turns of a conversation.", valueName: "id"))
    var conversation: String?

    @Option(help: ArgumentHelp("One turn, CONVERSATION/SEQ, until it has ended.", valueName: "turn"))
    var root: String?

    @OptionGroup var options: GlobalOptions

    func validate() throws {
        guard conversation == nil || root == nil else {
            throw ValidationError("--conversation and --root exclude each other.")
        }
        guard root == nil || rootTurn != nil else { throw ValidationError("--root names a turn: CONVERSATION/SEQ.") }
    }

    func run(on console: Console) async throws -> ExitStatus {
        try await withStore(\.reports, on: console) { reports in
            try await SignalInterruption.run {
                var trees = WatchedTrees(reports: reports, conversation: conversation, root: rootTurn)
                var display = WatchDisplay(console: console)
                try await console.follow {
                    let start = ContinuousClock.now
                    display.show(try await trees.read())
                    if trees.haveEnded { return nil }
                    // At most four times a second, and a fifth of the server's time: a large tree is read less often.
                    let taken = start.duration(to: .now)
                    return max(Self.interval, taken * 4)
                }
                return .done
            }
        }
    }

    private static let interval: Duration = .milliseconds(250)

    private var rootTurn: Reports.TurnName? {
        guard let root, let slash = root.lastIndex(of: "/"), let seq = Int64(root[root.index(after: slash)...]), seq > 0
        else { return nil }
        return Reports.TurnName(conversation: String(root[..<slash]), seq: seq)
    }
}
