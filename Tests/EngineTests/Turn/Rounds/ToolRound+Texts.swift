@testable import Conversation
@testable import Engine
@testable import Orchestration

extension ToolCallRecord {
    /// A call that the model asked for.
    static func planned(_ number: Int, _ effect: ToolEffect, _ state: State = .planned) -> ToolCallRecord {
        ToolCallRecord(
            number: number,
            step: 2,
            request: ToolCallRequest(id: "c\(number)", name: "\(effect.rawValue)\(number)", arguments: "{}"),
            toolVersionID: nil,
            effect: effect,
            idempotencyKey: nil,
            state: state,
            offset: .zero
        )
    }

    /// The call as another attempt reads it from the database.
    ///
    /// - Parameters:
    ///   - approval: What an operator has decided about it.
    ///   - outputApproval: What an operator has decided about its output.
    func reloaded(approval: ToolCallApproval? = nil, outputApproval: ToolCallApproval? = nil) -> ToolCallRecord {
        var call = Self.planned(number, effect, state)
        call.result = result
        call.isTruncated = isTruncated
        call.errorCode = errorCode
        call.approval = approval
        call.outputApproval = outputApproval
        call.storage = .stored
        return call
    }
}

extension ToolRound {
    /// A round of new calls, numbered from 1.
    ///
    /// - Parameter delegations: How far those have come that delegate, by their places.
    init(
        _ effects: ToolEffect...,
        inspection: Inspection = Inspection(),
        isStored: Bool = false,
        isInterrupted: Bool = false,
        delegations: [Int: Delegation] = [:]
    ) {
        self.init(
            calls: effects.enumerated().map { .planned($0.offset + 1, $0.element) },
            inspection: inspection,
            isStored: isStored,
            isInterrupted: isInterrupted,
            delegations: delegations
        )
    }

    /// The result of a call that succeeded.
    func succeeded(_ index: Int, _ text: String = "done") -> Ran {
        Ran(index: index, result: ToolCallResult(call: calls[index].request, output: ToolOutput(text)))
    }

    /// The result of a call that failed.
    func failed(_ index: Int, _ code: ToolError.Code = .failed) -> Ran {
        let error = ToolError(code, "No.")
        let result = ToolCallResult(call: calls[index].request, output: ToolOutput("Error: No."), error: error)
        return Ran(index: index, result: result)
    }

    /// Begins and has every call allowed.
    mutating func beginAllowed() -> [String] {
        texts(begin()) + texts(decide { _, _ in SafetyDecision(.allow, rule: "test") })
    }

    var states: [ToolCallRecord.State] { calls.map(\.state) }
}

/// Actions in a form that can be compared; calls by their numbers.
func texts(_ actions: [ToolRound.Action]) -> [String] {
    func numbers(_ indices: [Int]) -> String { indices.map { "\($0 + 1)" }.joined(separator: ",") }
    return actions.map { action in
        switch action {
        case .noteDoubt(let indices): "doubt \(numbers(indices))"
        case .decide: "decide"
        case .lookUp(let questions): "look up \(numbers(questions.map(\.index)))"
        case .announce(let indices): "announce \(numbers(indices))"
        case .save: "save"
        case .run(let indices): "run \(numbers(indices))"
        case .runInTransaction(let indices): "transaction \(numbers(indices))"
        case .inspect(let indices): "inspect \(numbers(indices))"
        case .report(let indices): "report \(numbers(indices))"
        case .ask(let questions): "ask \(numbers(questions.map(\.index)))"
        case .delegate(let indices): "delegate \(numbers(indices))"
        case .stopTasks: "stop tasks"
        case .awaitTasks(let count): "await \(count)"
        case .answer: "answer"
        case .park(let reason): "park \(reason.rawValue)"
        case .finish: "finish"
        case .interrupt: "interrupt"
        case .abandon(let reason): "abandon \(reason)"
        }
    }
}
