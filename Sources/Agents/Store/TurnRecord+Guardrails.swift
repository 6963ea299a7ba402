extension TurnRecord {
    /// Keeps what tools did inside of their calls.
    mutating func keep(
        _ records: (calls: [FunctionCallRecord], events: [SecurityEventRecord]),
        _ guardrails: GuardrailSet?
    ) {
        securityEvents += records.events
        guard let guardrails, guardrails.holdsToolOutputs else { return functionCalls += records.calls }
        let withheld = Set(toolCalls.filter(\.isWithheld).map(\.request.id))
        functionCalls += records.calls.map {
            guardrails.cleaned($0, isWithheld: $0.callID.map(withheld.contains) ?? false)
        }
    }

    /// Keeps what guardrails have found, and tells clients.
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
