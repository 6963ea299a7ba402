import Conversation
import Safety

extension ToolRound {
    /// What is to be done next.
    ///
    /// Each list of actions ends with one that is reported back, or with the end of the round.
    enum Action: Sendable, Hashable {
        /// Record that these calls were cut off.
        case noteDoubt([Int])
        /// Decide about each call that has not begun: ``ToolRound/decide(_:)``.
        case decide
        /// Find out what was decided about such calls for longer than once: ``ToolRound/found(_:)``.
        case lookUp([Question])
        /// Record that these calls begin.
        case announce([Int])
        /// Store the round as it is: ``ToolRound/saved(_:)``.
        case save
        /// Run these calls at once: ``ToolRound/ran(_:isCancelled:)``.
        case run([Int])
        /// Run these calls in a transaction, then ``ToolRound/ranInTransaction(_:)`` and what it returns; store the round in
        /// the same transaction: ``ToolRound/committed(_:isCancelled:)``.
        case runInTransaction([Int])
        /// Have the tasks of these calls made: ``ToolRound/delegated(_:isCancelled:)``.
        case delegate([Int])
        /// Have all tasks of the turn stopped.
        case stopTasks
        /// Have guardrails inspect the outputs of these calls: ``ToolRound/inspected(_:)``.
        case inspect([Int])
        /// Show followers the results of these calls.
        case report([Int])
        /// Ask an operator.
        case ask([Question])
        /// Add the answers of all calls to the transcript.
        case answer
        /// Store the round and give the conversation up until an operator has decided. The round ends.
        case park(WaitReason)
        /// Store the round, with the tasks that were made, and give the conversation up until so many tasks have ended. The
        /// round ends.
        case awaitTasks(Int)
        /// The round ends, and the turn resumes.
        case finish
        /// The round ends with the turn, which was stopped.
        case interrupt
        /// The round ends with the attempt; another one resumes from what is stored.
        case abandon(TurnEnd.AbandonReason)
    }

    /// What an operator is asked.
    enum Question: Sendable, Hashable {
        /// Whether a call may run.
        case call(Int, SafetyDecision)
        /// Whether the model may see the output of a call.
        case output(Int, [GuardrailQuestion])

        /// The call.
        var index: Int {
            switch self {
            case .call(let index, _), .output(let index, _): index
            }
        }
    }

    /// The result of a call, and what its gate let pass.
    struct Ran: Sendable {
        let index: Int
        let result: ToolCallResult
        /// Whether an effect was refused because the lease may be over.
        var isRefused = false
        /// Whether there may have been an effect all the same.
        var hasPassed = false
    }

    /// What is done with a round's outputs.
    struct Inspection: Sendable, Hashable {
        /// Whether there are guardrails that inspect them.
        var isOn = false
        /// Whether a model or an operator may have to be asked, for which a transaction must not wait.
        var takesTime = false
    }
}
