internal import JSON

extension Turn {
    /// Stands for a message that was blocked, in the transcript and in what later calls to a model are shown.
    private static func withheld(by guardrail: String) -> String {
        "[The message was withheld by the guardrail \(guardrail).]"
    }

    /// Has the guardrails look at what the user says, before anything else is done with it; false when the turn has ended
    /// or waits.
    ///
    /// What an earlier attempt has stored was looked at then. While a person is asked nothing of the message is stored.
    mutating func admitInput() async -> Bool {
        if record.messages.isEmpty {
            record.messages = [.user(claim.content)]
        } else if claim.progress != nil {
            return true
        }
        guard let guardrails = agent.guardrails?.input, !guardrails.isEmpty else { return true }
        let content = record.messages[0].content
        let inspection = await inspect(content, guardrails, at: .input)
        if let guardrail = inspection.blocking {
            refuseInput(guardrail)
            return false
        }
        if !inspection.questions.isEmpty, let first = inspection.questions.first {
            let approval = await approval(
                of: inspection.questions,
                known: claim.progress?.inputApproval,
                of: content,
                at: .input
            )
            switch approval?.state {
            case .approved?: break
            case .denied?, .expired?:
                refuseInput(first.guardrail)
                return false
            case .pending?, nil:
                if claim.progress?.isInterrupted == true {
                    withholdInput(first.guardrail)
                    return true
                }
                record.messages = []
                ask(inspection.questions, about: content, at: .input, of: nil)
                await wait(for: .approval, "the message needs approval (\(first.detail))")
                return false
            }
        }
        if inspection.text != content {
            record.messages[0] = .user(inspection.text)
            record.bodies[claim.seq] = ["message": .storable(inspection.text)]
        }
        if Task.isCancelled { interrupt() }
        return !Task.isCancelled
    }

    /// Ends the turn with what is said instead of an answer.
    private mutating func refuseInput(_ guardrail: Guardrail) {
        withholdInput(guardrail)
        if Task.isCancelled { return interrupt() }
        refuse(guardrail, at: .input)
    }

    private mutating func withholdInput(_ guardrail: Guardrail) {
        let text = Self.withheld(by: guardrail.name)
        record.messages = [.user(text)]
        record.bodies[claim.seq] = ["message": .string(text)]
    }

    /// What is left of a message that was sent into the turn.
    ///
    /// The turn does not wait for a person over it, and does not end: what would be asked about is withheld.
    mutating func admit(_ message: SteeringMessage) async -> String {
        guard let guardrails = agent.guardrails?.input, !guardrails.isEmpty else { return message.content }
        let inspection = await inspect(message.content, guardrails, at: .input)
        var text = inspection.text
        if let guardrail = inspection.blocking ?? inspection.questions.first?.guardrail {
            text = Self.withheld(by: guardrail.name)
        }
        if text != message.content { record.bodies[message.seq] = ["message": .storable(text)] }
        return text
    }
}
