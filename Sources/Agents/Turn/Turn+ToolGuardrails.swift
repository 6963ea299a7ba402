extension Turn {
    /// Has the guardrails look at what calls returned that the model has not been told yet.
    ///
    /// Nothing else is done with a result before: it is not told, not stored and not shown to the model.
    mutating func lookAtOutputs() async {
        guard let guardrails = agent.guardrails?.toolOutput, !guardrails.isEmpty else { return }
        for index in record.toolCalls.indices where record.toolCalls[index].isToBeLookedAt {
            let call = record.toolCalls[index]
            let inspection = await inspect(call.result ?? "", guardrails, at: .toolOutput, call: call.request)
            await take(inspection, of: index)
        }
    }

    /// The same within a transaction, which must not wait for anybody.
    static func lookAtOutput(of call: inout ToolCallRecord, _ guardrails: GuardrailSet?) -> [GuardrailHit] {
        guard let guardrails, !guardrails.toolOutput.isEmpty, call.isToBeLookedAt else { return [] }
        var inspection = GuardrailInspection(call.result ?? "")
        inspection.look(guardrails.toolOutput, at: .toolOutput, isWhole: true)
        if let guardrail = inspection.blocking {
            call.withhold(guardrail)
            call.isLookedAt = true
            return inspection.hits
        }
        call.take(inspection.text)
        call.isLookedAt = !guardrails.takesTimeForToolOutputs
        // What was taken out is not found when it is looked at again, everything else is.
        return call.isLookedAt ? inspection.hits : inspection.hits.filter { $0.action == .redact }
    }

    private mutating func take(_ inspection: GuardrailInspection, of index: Int) async {
        record.toolCalls[index].isLookedAt = true
        if let guardrail = inspection.blocking { return record.toolCalls[index].withhold(guardrail) }
        let result = record.toolCalls[index].result ?? ""
        record.toolCalls[index].take(inspection.text)
        guard let first = inspection.questions.first else { return }
        let known = record.toolCalls[index].outputApproval
        let approval = await approval(of: inspection.questions, known: known, of: result, at: .toolOutput)
        switch approval?.state {
        case .approved?: return
        case .denied?, .expired?: record.toolCalls[index].withhold(first.guardrail)
        case .pending?, nil: record.toolCalls[index].outputQuestions = inspection.questions
        }
    }

    /// Waits when a person has to decide about what calls returned; false then.
    mutating func settleOutputs() async -> Bool {
        await lookAtOutputs()
        let open = record.toolCalls.indices.filter { !record.toolCalls[$0].outputQuestions.isEmpty }
        guard !open.isEmpty else { return true }
        for index in open {
            let call = record.toolCalls[index]
            ask(call.outputQuestions, about: call.result ?? "", at: .toolOutput, of: call)
        }
        let names = open.map { "the output of call \(record.toolCalls[$0].number)" }
        await wait(for: .approval, "\(names.joined(separator: ", ")) needs approval")
        return false
    }
}
