extension TurnRecord {
    /// The record of a turn as the attempt that claimed it finds it: with the user's message, or with what earlier
    /// attempts have stored.
    package init(beginning claim: ClaimedSubmission) {
        self.init(agent: claim.agent)
        guard let progress = claim.progress else {
            messages = [.user(claim.content)]
            return
        }
        earlier = progress.totals
        messages = progress.messages
        toolCalls = progress.calls
        stored.saves = progress.saves
        stored.messages = messages.count
        duration = earlier.duration
    }

    /// Tells clients that the turn began, unless an earlier attempt has told them.
    package mutating func begin() {
        guard stored.saves == 0 else { return }
        events.append(EventRecord(.turnStarted(agent: agent, version: agentVersion), message: 1))
    }

    /// Adds a message of the model's to the transcript.
    package mutating func append(_ message: ChatMessage) {
        messages.append(message)
        events.append(EventRecord(.message, message: messages.count))
    }

    /// Adds the answers to all calls that have none, in the order of the calls.
    ///
    /// Every call has exactly one answer in a transcript, whatever happened: models refuse others. A call without a
    /// result gets one that says so.
    package mutating func answerCalls() {
        for index in toolCalls.indices where !toolCalls[index].isAnswered {
            let call = toolCalls[index]
            let text =
                switch call.state {
                case .planned: "Error: The turn was stopped before the call began."
                // What it had printed until it was stopped is known, unless its worker was lost.
                case .inDoubt where call.result != nil: "\(call.answer) Whether it took effect is not known."
                case .started, .inDoubt: "Error: The call was cut off; whether it took effect is not known."
                case .succeeded, .failed, .denied: call.answer
                }
            messages.append(.tool(text, for: call.request))
            events.append(
                EventRecord(
                    .toolFinished(name: call.request.name, isError: call.state != .succeeded),
                    message: messages.count
                )
            )
            toolCalls[index].isAnswered = true
        }
    }

    /// Ends the transcript and tells clients how the turn ended; a turn that waits has not ended.
    package mutating func end() {
        answerCalls()
        switch status {
        case .succeeded, .waiting: break
        case .failed:
            events.append(EventRecord(.error(code: errorCode ?? "", message: errorMessage ?? "", cost: nil)))
        case .limited: events.append(EventRecord(.limitReached(limitReached ?? "")))
        case .interrupted: events.append(EventRecord(.interrupted))
        }
        let usage = usage
        let total = Event.TurnTotal(
            status: status,
            inputTokens: usage.input,
            outputTokens: usage.output,
            cost: cost,
            milliseconds: duration.milliseconds
        )
        events.append(EventRecord(.turnComplete(total)))
    }

    /// What is left of a turn whose record the database refuses: that it did.
    package func refused(because message: String) -> TurnRecord {
        var reduced = TurnRecord(agent: agent)
        reduced.agentVersion = agentVersion
        reduced.agentVersionID = agentVersionID
        reduced.chainVersionID = chainVersionID
        reduced.duration = duration
        reduced.earlier = earlier
        reduced.stored.saves = stored.saves
        reduced.messages = Array(messages.prefix(max(1, stored.messages)))
        reduced.stored.messages = stored.messages
        reduced.toolCalls = toolCalls.filter { $0.storage != .new && !$0.hasStoredAnswer }
        for index in reduced.toolCalls.indices {
            reduced.toolCalls[index].isAnswered = false
            reduced.toolCalls[index].result = "The result could not be stored."
        }
        reduced.bodies = bodies
        reduced.begin()
        reduced.status = .failed
        reduced.errorCode = "record_refused"
        reduced.errorMessage = message
        reduced.end()
        return reduced
    }
}
