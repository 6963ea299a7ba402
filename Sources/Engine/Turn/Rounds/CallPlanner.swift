import Conversation
import Definitions
import Orchestration
import Tools

internal import struct FoundationEssentials.Date
internal import struct FoundationEssentials.UUID

/// Makes the records of the calls that an answer asks for.
struct CallPlanner: Sendable {
    let turn: TurnEnvironment

    /// Adds an answer to the transcript, and plans its calls.
    ///
    /// - Parameters:
    ///   - message: The answer.
    ///   - transcript: The turn so far; receives the answer and an event for each call.
    ///   - offset: From the attempt's beginning to the answer.
    /// - Returns: The calls, which the transcript does not have yet.
    func plan(_ message: ChatMessage, in transcript: inout Transcript, offset: Duration) -> [ToolCallRecord] {
        transcript.append(message)
        var calls: [ToolCallRecord] = []
        for request in message.toolCalls {
            let number = transcript.toolCallCount + calls.count + 1
            let effect = effect(of: request)
            let call = ToolCallRecord(
                number: number,
                step: transcript.nextStep,
                request: request,
                toolVersionID: turn.agent.toolVersions[request.name],
                effect: effect,
                idempotencyKey: idempotencyKey(of: request, number, effect),
                offset: offset
            )
            calls.append(call)
            transcript.append(.toolCallRequested(call.reference))
        }
        return calls
    }

    /// The key by which a service can recognize a repetition.
    ///
    /// That of an unsafe call is stored before it runs. An idempotent one may be repeated by an attempt that finds
    /// nothing stored: its key is made from what is asked for.
    private func idempotencyKey(of request: ToolCallRequest, _ number: Int, _ effect: ToolEffect) -> UUID? {
        switch effect {
        case .pure, .sql: nil
        case .unsafe: UUID()
        case .idempotent:
            UUID(naming: [
                turn.claim.conversation, "\(turn.claim.seq)", "\(turn.claim.submittedAt.timeIntervalSince1970)",
                "\(number)", request.name, request.arguments,
            ])
        }
    }

    /// The effect of a call, as far as the engine can do something about it.
    private func effect(of request: ToolCallRequest) -> ToolEffect {
        guard let tool = turn.agent.tools.tool(named: request.name) else { return .pure }
        // Tasks are stored with the answer that asks for them.
        let isAtomic = tool is any TransactionalTool || tool is DelegateTool
        return tool.effect == .sql && !isAtomic ? .unsafe : tool.effect
    }
}

extension ToolCallRecord {
    /// How events name the call.
    var reference: Event.CallReference {
        Event.CallReference(call: number, id: request.id, name: request.name)
    }
}
