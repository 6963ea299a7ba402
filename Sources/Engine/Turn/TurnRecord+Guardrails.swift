import Conversation

extension TurnRecord {
    /// Adds what guardrails have found, and events for clients.
    mutating func keep(_ hits: [GuardrailHit], of request: ToolCallRequest?) {
        for hit in hits {
            securityEvents.append(SecurityEventRecord(hit, tool: request?.name, callID: request?.id))
            events.append(
                EventRecord(
                    .guardrailHit(
                        guardrail: hit.guardrail,
                        place: hit.place.rawValue,
                        action: hit.action.rawValue,
                        tool: request?.name
                    )
                )
            )
        }
    }
}
