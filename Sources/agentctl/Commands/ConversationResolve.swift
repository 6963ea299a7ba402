import ArgumentParser
import Engine
import JSON
import Store

/// The command `agentctl conversations resolve`.
struct ConversationResolve: Command {
    static let configuration = CommandConfiguration(
        commandName: "resolve",
        abstract: "Say what became of a tool call that was cut off.",
        discussion: """
            A call that must not be repeated, and whose outcome a crash left unknown, parks its conversation. Find out whether \
            it took effect and say so; the turn resumes from there. The calls that wait:

              SELECT * FROM agentctl.calls_in_doubt;

            EXAMPLE
              agentctl conversations resolve 123/4 --call 1 happened --result '{"id": 17}'
              agentctl conversations resolve 123/4 --call 1 did_not_happen
              agentctl conversations resolve 123/4 --call 1 run_again
            """
    )

    /// What a person can say of a call.
    enum Outcome: String, ExpressibleByArgument, CaseIterable {
        case happened
        case didNotHappen = "did_not_happen"
        case runAgain = "run_again"
    }

    @Argument(help: "The turn, as CONVERSATION/SEQ.")
    var turn: String

    @Argument(help: "What became of the call: happened, did_not_happen or run_again.")
    var outcome: Outcome

    @Option(help: ArgumentHelp("The call's number within the turn.", valueName: "number"))
    var call = 1

    @Option(
        help: ArgumentHelp("What the call returned, or why it did not happen, for the model.", valueName: "text")
    )
    var result: String?

    @OptionGroup var options: GlobalOptions

    func run(on console: Console) async throws -> ExitStatus {
        guard let slash = turn.lastIndex(of: "/"), let seq = Int64(turn[turn.index(after: slash)...]), seq > 0 else {
            throw CommandFailure(
                .usage,
                code: "usage",
                "\"\(turn)\" does not name a turn",
                hint: "A turn is named CONVERSATION/SEQ."
            )
        }
        return try await withStore(\.conversations, on: console) { conversations in
            let remaining = try await conversations.resolveToolCall(
                call,
                of: String(turn[..<slash]),
                seq: seq,
                outcome: outcome.rawValue,
                result: result
            )
            if console.isJSON {
                console.print(["turn": .string(turn), "call": .integer(Int64(call)), "in_doubt": .integer(remaining)])
            } else if remaining == 0 {
                console.note("turn \(turn) resumes with the next worker, or with the next agentctl send")
            } else {
                console.note("turn \(turn) waits for \(remaining) more")
            }
            return .done
        }
    }
}
