internal import JSON

extension Turn {
    /// Goes on where an earlier attempt left off; false when the turn cannot.
    ///
    /// A call whose intent is stored without a result may have had its effect: a person has to say, unless somebody has
    /// stopped the turn.
    mutating func goOn() async -> Bool {
        await lookAtOutputs()
        for index in record.toolCalls.indices where record.toolCalls[index].state == .started {
            record.toolCalls[index].state = .inDoubt
            record.events.append(EventRecord(.callInDoubt(call: record.toolCalls[index].number)))
        }
        if claim.progress?.isInterrupted == true {
            interrupt()
            return false
        }
        guard record.toolCalls.contains(where: { !$0.isAnswered }) else { return true }
        guard record.toolCalls.contains(where: { $0.state == .inDoubt }) else { return await callTools(nil) }
        let calls = record.toolCalls.filter { $0.state == .inDoubt }
        let names = calls.map { "call \($0.number) (\($0.request.name))" }.joined(separator: ", ")
        await wait(for: .inDoubt, "whether \(names) took effect is not known: it was cut off")
        return false
    }

    /// Gives the conversation up until a person has decided.
    ///
    /// - Parameters:
    ///   - reason: What is waited for.
    ///   - message: The same as a sentence.
    mutating func wait(for reason: WaitReason, _ message: String) async {
        record.status = .waiting
        record.errorCode = reason.errorCode
        record.errorMessage = message
        record.events.append(EventRecord(.waiting(reason)))
        await save(parks: true)
    }

    /// Runs the calls of an answer, or what an earlier attempt left of a round; false when the turn cannot go on.
    ///
    /// If any of them has an effect, the intent is stored before, and the results after.
    mutating func callTools(_ message: ChatMessage?) async -> Bool {
        var step = StepRecord(.toolRound, offset: start.duration(to: .now))
        let began = ContinuousClock.now
        if let message { plan(message, offset: step.offset) }
        guard await decide() else { return false }
        let planned = record.toolCalls.indices.filter { record.toolCalls[$0].state == .planned }
        let unsafe = planned.filter { record.toolCalls[$0].effect == .unsafe }
        let transactional = planned.filter { record.toolCalls[$0].effect == .sql }
        for index in planned { begin(index) }
        if !unsafe.isEmpty {
            for index in unsafe { record.toolCalls[index].state = .started }
            guard await save() else { return false }
        }
        guard await run(planned.filter { !transactional.contains($0) }) else {
            // As long as the lease holds, what was refused is to be done by the next attempt.
            await save()
            abandon(.leaseOver)
            return false
        }
        if Task.isCancelled {
            if !unsafe.isEmpty { await save() }
            interrupt()
            return false
        }
        if transactional.isEmpty {
            guard await settleOutputs() else { return false }
            step.duration = began.duration(to: .now)
            record.steps.append(step)
            record.answerCalls()
            if !unsafe.isEmpty || record.stored.saves > 0 { return await save() }
            return true
        }
        return await runWithinTransaction(transactional, step, began: began)
    }

    /// Makes calls; false, and nothing told of them, when one was refused because the lease may be gone.
    private mutating func run(_ indices: [Int]) async -> Bool {
        let contexts = contexts(of: indices)
        let calls = contexts.map { (record.toolCalls[$0.index].request, $0.context) }
        let tools = agent.tools
        // Not on the worker's loop: a tool may take the processor for a while.
        let results = await withTaskExecutorPreference(globalConcurrentExecutor) { await tools.call(calls) }
        for (index, result) in zip(indices, results) {
            record.toolCalls[index].take(result)
        }
        let refused = contexts.filter { $0.context.gate?.hasRefused == true }
        for (index, context) in refused {
            record.toolCalls[index].withdraw(hasPassed: context.gate?.hasPassed == true)
        }
        await lookAtOutputs()
        for index in indices where record.toolCalls[index].result != nil { tell(record.toolCalls[index]) }
        record.keep(recorder.drain(), agent.guardrails)
        return refused.isEmpty
    }

    /// Runs calls that write to the database, in the transaction that stores the round.
    private mutating func runWithinTransaction(
        _ indices: [Int],
        _ step: StepRecord,
        began: ContinuousClock.Instant
    ) async -> Bool {
        let calls = contexts(of: indices)
        let (before, tools, recorder, earlier, start) = (record, agent.tools, recorder, record.earlier, start)
        // What a person or a model has to look at is told in a transaction of its own.
        let (guardrails, isLast) = (agent.guardrails, agent.guardrails?.takesTimeForToolOutputs != true)
        let isSaved = await journal.save(&record) { conversation in
            var after = before
            _ = recorder.drain()
            for (index, context) in calls {
                let request = after.toolCalls[index].request
                let result = try await conversation.attempt { connection in
                    await tools.call(request, in: context, within: connection)
                }
                after.toolCalls[index].take(result)
                let hits = Self.lookAtOutput(of: &after.toolCalls[index], guardrails)
                after.keep(hits, of: request)
            }
            after.keep(recorder.drain(), guardrails)
            if isLast {
                var step = step
                step.duration = began.duration(to: .now)
                after.steps.append(step)
                after.answerCalls()
            }
            after.duration = earlier.duration + start.duration(to: .now)
            return after
        }
        guard isSaved else {
            abandon(.notStored)
            return false
        }
        if !isLast {
            guard await settleOutputs() else { return false }
            var step = step
            step.duration = began.duration(to: .now)
            record.steps.append(step)
            record.answerCalls()
        }
        for index in indices { tell(record.toolCalls[index]) }
        if Task.isCancelled { interrupt() }
        guard !Task.isCancelled else { return false }
        return isLast ? true : await save()
    }

    /// Where and for whom the calls of a round are made.
    private func contexts(of indices: [Int]) -> [(index: Int, context: ToolContext)] {
        // One list for all of them.
        let messages = indices.isEmpty ? [] : past + record.messages
        return indices.map { index in
            let call = record.toolCalls[index]
            var context = ToolContext(
                conversationID: claim.conversation,
                turnSequence: claim.seq,
                agent: agent.name,
                callID: call.request.id,
                services: services,
                recorder: recorder,
                onOutput: { [emit, guardrails = agent.guardrails] text in
                    if guardrails?.holdsToolOutputs != true { emit(.toolOutput(id: call.request.id, text: text)) }
                },
                deadline: start.advanced(by: agent.settings.timeout),
                messages: messages
            )
            context.idempotencyKey = call.idempotencyKey
            if call.effect == .unsafe { context.gate = journal.gate() }
            return (index, context)
        }
    }

    /// Tells who watches what became of a call.
    func tell(_ call: ToolCallRecord) {
        emit(
            .toolFinished(
                id: call.request.id,
                name: call.request.name,
                output: call.answer,
                isError: call.state != .succeeded
            )
        )
    }

    /// Stores what the database has not yet; false, and the turn abandoned, when that cannot be done.
    @discardableResult
    private mutating func save(parks: Bool = false) async -> Bool {
        record.duration = record.earlier.duration + start.duration(to: .now)
        let isSaved = await journal.save(&record, parks: parks)
        if !isSaved { abandon(.notStored) }
        return isSaved
    }
}
