internal import JSON

extension Turn {
    private var judge: AgentJudge {
        AgentJudge(registry: registry, epoch: claim.epoch, start: start)
    }

    /// Ends the turn with what a guardrail says.
    mutating func refuse(_ guardrail: Guardrail, at place: GuardrailPlace) {
        let reply = guardrail.reply(at: place)
        emit(.text(reply))
        record.append(.assistant(reply))
        fail("guardrail_blocked", "guardrail \(guardrail.name): \(reply)")
    }

    /// Has guardrails look at a text, and keeps what they have found.
    mutating func inspect(
        _ text: String,
        _ guardrails: [Guardrail],
        at place: GuardrailPlace,
        isWhole: Bool = true,
        call: ToolCallRequest? = nil
    ) async -> GuardrailInspection {
        var inspection = GuardrailInspection(text)
        await inspection.look(guardrails, at: place, isWhole: isWhole, with: judge)
        record.steps += inspection.steps
        record.keep(inspection.hits, of: call)
        return inspection
    }

    /// What somebody has decided about such a text, now or for longer than once.
    func approval(
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

    /// Asks a person about what guardrails have found.
    mutating func ask(
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
        let question = Event.ApprovalQuestion(
            call: call?.number,
            tool: nil,
            place: place.rawValue,
            subject: subject,
            rule: "guardrail \(names)"
        )
        record.events.append(EventRecord(.approvalRequested(question)))
    }

    private static func asker(_ questions: [GuardrailInspection.Question]) -> String {
        "guardrail:" + questions.map(\.guardrail.name).joined(separator: ",")
    }

    /// What a decision is about: the same text, told by its whole digest, and what was found in it.
    ///
    /// Part of a digest would do for telling texts apart, but not here: who writes two texts that have it in common gets the
    /// harmless one approved and uses the other.
    private static func subject(
        of questions: [GuardrailInspection.Question],
        _ text: String,
        at place: GuardrailPlace
    ) -> String {
        let found = questions.map(\.detail).joined(separator: "; ").prefix(utf8: 900)
        let digest = SHA256.hexadecimal(of: Array(text.utf8))
        return "\(place.rawValue) \(digest): \(found)"
    }
}
