import ArgumentParser
import Engine
import JSON
import Store

/// What a person says of a tool call that waits.
struct DecisionOptions: ParsableArguments {
    /// What a decision covers.
    enum Scope: String, ExpressibleByArgument, CaseIterable {
        case once
        case conversation
        case always
    }

    @Argument(help: "The approval's id.")
    var id: Int64

    @Option(help: ArgumentHelp("Why; the model receives the reason of a denial.", valueName: "text"))
    var reason: String?

    @Option(
        help: ArgumentHelp(
            "once, conversation (the same call again in this conversation) or always (of this agent in any).",
            valueName: "scope"
        )
    )
    var scope = Scope.once

    /// Stores the decision and says what follows.
    func decide(approves: Bool, in conversations: ConversationStore, on console: Console) async throws -> ExitStatus {
        let asked = try await conversations.approvals(id: id, isPending: true, limit: 1).first
        let goesOn = try await conversations.decide(id, approves: approves, reason: reason, scope: scope.rawValue)
        if console.isJSON {
            console.print([
                "id": .integer(id), "state": approves ? "approved" : "denied", "scope": .string(scope.rawValue),
                "goes_on": .bool(goesOn),
            ])
        } else {
            let next = goesOn ? "the turn resumes with the next worker" : "the turn waits for more"
            if approves, asked?["tool_changed"]?.boolValue == true {
                console.note(
                    "the tool has changed since it was asked about: the call will be denied, and the model told why; a new "
                        + "call is asked about again"
                )
            }
            console.note("approval \(id) is \(approves ? "granted" : "denied"); \(next)")
        }
        return .done
    }
}
