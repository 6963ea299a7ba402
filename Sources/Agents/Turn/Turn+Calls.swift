internal import struct FoundationEssentials.Date
internal import struct FoundationEssentials.UUID

extension Turn {
    /// Keeps what the model asks for.
    mutating func plan(_ message: ChatMessage, offset: Duration) {
        record.append(message)
        for request in message.toolCalls {
            let effect = effect(of: request)
            record.toolCalls.append(
                ToolCallRecord(
                    number: record.toolCallCount + 1,
                    step: record.nextStep,
                    request: request,
                    toolVersionID: agent.toolVersions[request.name],
                    effect: effect,
                    idempotencyKey: idempotencyKey(of: request, effect),
                    offset: offset
                )
            )
            record.events.append(
                EventRecord(.toolCallRequested(record.toolCalls[record.toolCalls.count - 1].reference))
            )
        }
    }

    /// Tells that a call begins.
    mutating func begin(_ index: Int) {
        record.events.append(EventRecord(.toolStarted(record.toolCalls[index].reference)))
        emit(.toolStarted(record.toolCalls[index].request))
    }

    /// The key by which whoever is called can tell a repetition.
    ///
    /// That of an unsafe call is stored before it runs. An idempotent one may be repeated by an attempt that finds
    /// nothing stored: its key is made from what is asked for.
    private func idempotencyKey(of request: ToolCallRequest, _ effect: ToolEffect) -> UUID? {
        switch effect {
        case .pure, .sql: nil
        case .unsafe: UUID()
        case .idempotent:
            UUID(naming: [
                claim.conversation, "\(claim.seq)", "\(claim.submittedAt.timeIntervalSince1970)",
                "\(record.toolCallCount + 1)", request.name, request.arguments,
            ])
        }
    }

    /// What running a call does, as far as the engine can do something about it.
    private func effect(of request: ToolCallRequest) -> ToolEffect {
        guard let tool = agent.tools.tool(named: request.name) else { return .pure }
        return tool.effect == .sql && !(tool is any TransactionalTool) ? .unsafe : tool.effect
    }
}

extension ToolCallRecord {
    /// How events name the call.
    fileprivate var reference: Event.CallReference {
        Event.CallReference(call: number, id: request.id, name: request.name)
    }
}
