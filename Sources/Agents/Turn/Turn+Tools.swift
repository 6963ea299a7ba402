internal import JSON

internal import struct FoundationEssentials.Date
internal import struct FoundationEssentials.UUID

extension Turn {
    /// Goes on where an earlier attempt left off; false when the turn cannot.
    ///
    /// A call whose intent is stored without a result may have had its effect: a person has to say, unless somebody has
    /// stopped the turn.
    mutating func goOn() async -> Bool {
        await lookAtOutputs()
        for index in record.toolCalls.indices where record.toolCalls[index].state == .started {
            record.toolCalls[index].state = .inDoubt
            record.events.append(
                EventRecord("call_in_doubt", data: ["call": .integer(Int64(record.toolCalls[index].number))])
            )
        }
        if claim.progress?.isInterrupted == true {
            interrupt()
            return false
        }
        guard record.toolCalls.contains(where: { !$0.isAnswered }) else { return true }
        guard record.toolCalls.contains(where: { $0.state == .inDoubt }) else { return await callTools(nil) }
        let calls = record.toolCalls.filter { $0.state == .inDoubt }
        let names = calls.map { "call \($0.number) (\($0.request.name))" }.joined(separator: ", ")
        await wait(for: "resolve", "in_doubt", "whether \(names) took effect is not known: it was cut off")
        return false
    }

    /// Gives the conversation up until a person has decided.
    ///
    /// - Parameters:
    ///   - what: What is waited for: `resolve` or `approval`.
    ///   - code: The same as a class of error.
    ///   - message: The same as a sentence.
    mutating func wait(for what: String, _ code: String, _ message: String) async {
        record.status = .waiting
        record.errorCode = code
        record.errorMessage = message
        record.events.append(EventRecord("waiting", data: ["for": .string(what)]))
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
        await run(planned.filter { !transactional.contains($0) })
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

    /// Keeps what the model asks for.
    private mutating func plan(_ message: ChatMessage, offset: Duration) {
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
            record.events.append(EventRecord("tool_call_requested", data: Self.name(record.toolCalls.last)))
        }
    }

    /// Tells that a call begins.
    private mutating func begin(_ index: Int) {
        record.events.append(EventRecord("tool_started", data: Self.name(record.toolCalls[index])))
        emit(.toolStarted(record.toolCalls[index].request))
    }

    /// How events name a call.
    private static func name(_ call: ToolCallRecord?) -> JSONObject {
        guard let call else { return [:] }
        return [
            "call": .integer(Int64(call.number)), "id": .storable(call.request.id),
            "name": .storable(call.request.name),
        ]
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

    private mutating func run(_ indices: [Int]) async {
        let calls = contexts(of: indices).map { (record.toolCalls[$0.index].request, $0.context) }
        let tools = agent.tools
        // Not on the worker's loop: a tool may take the processor for a while.
        let results = await withTaskExecutorPreference(globalConcurrentExecutor) { await tools.call(calls) }
        for (index, result) in zip(indices, results) {
            record.toolCalls[index].take(result)
        }
        await lookAtOutputs()
        for index in indices { tell(record.toolCalls[index]) }
        record.keep(recorder.drain(), agent.guardrails)
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
            record.isAbandoned = true
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
        if !isSaved { record.isAbandoned = true }
        return isSaved
    }
}

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
            var data: JSONObject = [
                "guardrail": .string(hit.guardrail), "place": .string(hit.place.rawValue),
                "action": .string(hit.action.rawValue),
            ]
            data["tool"] = request.map { .storable($0.name) }
            events.append(EventRecord("guardrail_hit", data: data))
        }
    }
}
