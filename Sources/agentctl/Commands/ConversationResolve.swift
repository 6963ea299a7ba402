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
            it took effect and say so; the turn resumes from there. A turn that was stopped has ended, and what you say is \
            recorded. The calls that wait:

              SELECT * FROM agentctl.calls_in_doubt;

            EXAMPLE
              agentctl conversations resolve 123/4 happened --result '{"id": 17}'
              agentctl conversations resolve 123/4 did_not_happen
              agentctl conversations resolve 123/4 --call 2 run_again
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

    @Option(help: ArgumentHelp("The call's number within the turn; without it the one in doubt.", valueName: "number"))
    var call: Int?

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
            let conversation = String(turn[..<slash])
            let doubts = try await conversations.callsInDoubt(of: conversation, seq: seq)
            if call == nil, doubts.isEmpty {
                // Of a conversation that there is not, the database says so.
                _ = try await conversations.summary(conversation: conversation, seq: seq)
            }
            let call = try call ?? only(doubts)
            let waits = doubts.first { $0.call == call }?.waits ?? true
            let remaining = try await conversations.resolveToolCall(
                call,
                of: conversation,
                seq: seq,
                outcome: outcome.rawValue,
                result: result
            )
            if console.isJSON {
                console.print(["turn": .string(turn), "call": .integer(Int64(call)), "in_doubt": .integer(remaining)])
            } else if !waits {
                console.note("recorded; turn \(turn) has ended, and is not resumed")
            } else if remaining == 0 {
                console.note("turn \(turn) resumes with the next worker, or with the next agentctl send")
            } else {
                console.note("turn \(turn) waits for \(remaining) more")
            }
            return .done
        }
    }

    /// The one call that can be meant.
    private func only(_ doubts: [CallInDoubt]) throws -> Int {
        guard let first = doubts.first else {
            throw CommandFailure(
                .refused,
                code: "refused",
                "no call of turn \(turn) is in doubt that you may see",
                hint: "The calls that wait are in agentctl.calls_in_doubt; one that you know of you name: --call NUMBER"
            )
        }
        guard doubts.count > 1 else { return first.call }
        let calls = doubts.map { "\($0.call) (\($0.tool))" }.joined(separator: ", ")
        throw CommandFailure(
            .usage,
            code: "usage",
            "several calls of turn \(turn) are in doubt: \(calls)",
            hint: "Name one: --call \(first.call)"
        )
    }
}
