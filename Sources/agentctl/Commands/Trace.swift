import ArgumentParser
import Engine
import JSON
import Store

/// The command `agentctl trace`.
struct Trace: Command {
    static let configuration = CommandConfiguration(
        abstract: "Show what a turn did: its steps as a tree, with times, tokens and cost.",
        discussion: """
            Of an operation (undo, set, compact …) it shows what it came to, of a message for another turn which turn took it \
            up, and of a turn that waits the approvals or calls in doubt. Without a number it is the turn that waits, else the \
            last submission that has ended.

            With --tree, the turn and all turns below it: the tasks that it delegated, and those that they delegated. The \
            critical path is what decided when the whole ended: to be faster, make something on it faster.

            EXAMPLE
              agentctl trace 123          (the last turn or operation of conversation 123)
              agentctl trace 123/4        (its fourth)
              agentctl trace 123/4 --tree
              agentctl trace 123 --json | jq '.steps[] | select(.error_code)'
            """
    )

    @Argument(help: "CONVERSATION/SEQ, or CONVERSATION for its last turn.")
    var turn: String

    @Flag(help: "Show the turns of all tasks below it instead of its steps.")
    var tree = false

    @OptionGroup var options: GlobalOptions

    func run(on console: Console) async throws -> ExitStatus {
        try await withStore(\.reports, on: console) { reports in
            guard let trace = try await find(in: reports) else {
                throw CommandFailure(
                    .notFound,
                    code: "not_found",
                    "there is no turn \"\(turn)\"",
                    hint: "A turn is named CONVERSATION/SEQ; see: agentctl conversations list"
                )
            }
            if tree, let conversation = trace["conversation_id"]?.stringValue, let seq = trace["seq"]?.integerValue {
                let rows = try await reports.treeReport(of: .init(conversation: conversation, seq: seq))
                if console.isJSON {
                    console.print(.array(rows.map { .object($0) }))
                } else if rows.isEmpty {
                    // An operation has no tree.
                    console.print(TraceTree(stream: console.output, given: console.given).text(of: trace))
                } else {
                    console.print(TreeTrace(stream: console.output).text(of: rows))
                }
            } else if console.isJSON {
                console.print(.object(trace))
            } else {
                console.print(TraceTree(stream: console.output, given: console.given).text(of: trace))
            }
            return .done
        }
    }

    /// Ids may hold slashes: what can be read as CONVERSATION/SEQ is, so that every turn can be named; else the
    /// whole is a conversation.
    private func find(in reports: Reports) async throws -> JSONObject? {
        if let slash = turn.lastIndex(of: "/"), let seq = Int64(turn[turn.index(after: slash)...]), seq > 0 {
            let conversation = String(turn[..<slash])
            if let found = try await reports.traceReport(conversation: conversation, seq: seq) { return found }
        }
        return try await reports.traceReport(conversation: turn, seq: nil)
    }
}
