internal import JSON

extension Turn {
    /// Stands for a message that was blocked, in the transcript and in what later calls to a model are shown.
    private static func withheld(by guardrail: String) -> String {
        "[The message was withheld by the guardrail \(guardrail).]"
    }

    private var judges: GuardrailJudges {
        GuardrailJudges(registry: registry, epoch: claim.epoch, start: start)
    }

    // MARK: Input

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
                await wait(for: "approval", "approval_required", "the message needs approval (\(first.detail))")
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

    private mutating func refuse(_ guardrail: Guardrail, at place: GuardrailPlace) {
        let reply = guardrail.reply(at: place)
        emit(.text(reply))
        record.append(.assistant(reply))
        fail("guardrail_blocked", "guardrail \(guardrail.name): \(reply)")
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

    // MARK: Output

    /// Whether pieces of an answer are told as they come.
    var tellsPieces: Bool { agent.guardrails?.holdsAnswers != true }

    /// Adds an answer to the transcript when the guardrails have looked at it.
    ///
    /// - Parameter isWhole: Whether it is complete, and not cut at a limit.
    mutating func conclude(_ message: ChatMessage, isWhole: Bool = true) async {
        guard let guardrails = agent.guardrails?.output, !guardrails.isEmpty else { return record.append(message) }
        let inspection = await inspect(message.content, guardrails, at: .output, isWhole: isWhole)
        if let guardrail = inspection.blocking {
            // A judge that was stopped has said nothing about the answer: it goes with the turn.
            return Task.isCancelled ? interrupt() : refuse(guardrail, at: .output)
        }
        if !tellsPieces { emit(.text(inspection.text)) }
        record.append(.assistant(inspection.text))
    }

    /// What the model says beside its calls, when the guardrails have looked at it; what one blocks is left out.
    mutating func admit(_ message: ChatMessage) async -> ChatMessage {
        guard !message.content.isEmpty, let guardrails = agent.guardrails?.output, !guardrails.isEmpty else {
            return message
        }
        let inspection = await inspect(message.content, guardrails, at: .output, isWhole: false)
        let text = inspection.blocking == nil ? inspection.text : ""
        if !tellsPieces, !text.isEmpty { emit(.text(text)) }
        return .assistant(text, toolCalls: message.toolCalls)
    }

    // MARK: What tools return

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
        await wait(for: "approval", "approval_required", "\(names.joined(separator: ", ")) needs approval")
        return false
    }

    // MARK: Together

    private mutating func inspect(
        _ text: String,
        _ guardrails: [Guardrail],
        at place: GuardrailPlace,
        isWhole: Bool = true,
        call: ToolCallRequest? = nil
    ) async -> GuardrailInspection {
        var inspection = GuardrailInspection(text)
        await inspection.look(guardrails, at: place, isWhole: isWhole, with: judges)
        record.steps += inspection.steps
        record.keep(inspection.hits, of: call)
        return inspection
    }

    /// What somebody has decided about such a text, now or for longer than once.
    private func approval(
        of questions: [GuardrailInspection.Question],
        known: ToolCallApproval?,
        of text: String,
        at place: GuardrailPlace
    ) async -> ToolCallApproval? {
        if let known, known.state != .pending { return known }
        let subject = Self.subject(of: questions, text, at: place)
        let standing = await journal.standingApprovals(of: agent.name, for: [(Self.asker(questions), subject)])
        return standing.first.flatMap { $0 }.map { ToolCallApproval($0) } ?? known
    }

    private mutating func ask(
        _ questions: [GuardrailInspection.Question],
        about text: String,
        at place: GuardrailPlace,
        of call: ToolCallRecord?
    ) {
        let subject = Self.subject(of: questions, text, at: place)
        let names = questions.map(\.guardrail.name).joined(separator: ", ")
        var facts: JSONObject = [
            "place": .string(place.rawValue), "found": .storable(questions.map(\.detail).joined(separator: "; ")),
        ]
        if let call { facts["tool"] = .storable(call.request.name) }
        record.approvals.append(
            ApprovalRequest(
                call: call?.number ?? 0,
                request: ToolCallRequest(
                    id: "",
                    name: Self.asker(questions),
                    arguments: JSONValue.object(facts).text
                ),
                agent: agent.name,
                decision: SafetyDecision(.ask, rule: "guardrail \(names)", subject: subject),
                timeout: questions.map(\.guardrail.approvalTimeout).min() ?? .seconds(86_400),
                place: place.rawValue
            )
        )
        var data: JSONObject = [
            "place": .string(place.rawValue), "subject": .storable(subject), "rule": .string("guardrail \(names)"),
        ]
        if let call { data["call"] = .integer(Int64(call.number)) }
        record.events.append(EventRecord("approval_requested", data: data))
    }

    private static func asker(_ questions: [GuardrailInspection.Question]) -> String {
        "guardrail:" + questions.map(\.guardrail.name).joined(separator: ",")
    }

    /// What a decision is about: the same text, told by its digest, and what was found in it.
    private static func subject(
        of questions: [GuardrailInspection.Question],
        _ text: String,
        at place: GuardrailPlace
    ) -> String {
        let found = questions.map(\.detail).joined(separator: "; ").prefix(utf8: 900)
        let digest = SHA256.hexadecimal(of: Array(text.utf8)).prefix(16)
        return "\(place.rawValue) \(digest): \(found)"
    }
}
