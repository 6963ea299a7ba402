import Conversation
import Definitions
internal import JSON
internal import Reactor
import Safety

/// Has an agent's guardrails inspect what goes into and out of a turn, and says what becomes of it.
struct GuardrailGate: Sendable {
    /// What guardrails found, and the calls to judges that were made for it, to be stored.
    struct Findings: Sendable {
        var hits: [GuardrailHit] = []
        var steps: [StepRecord] = []
    }

    private let guardrails: GuardrailSet?
    private let judge: AgentJudge
    private let agent: String
    /// Knows what was decided about texts for longer than once.
    private let journal: TurnJournal

    init(agent: Agent, judge: AgentJudge, journal: TurnJournal) {
        guardrails = agent.guardrails
        self.judge = judge
        self.agent = agent.name
        self.journal = journal
    }

    /// Whether text is streamed to followers before guardrails have checked it.
    var streamsText: Bool { guardrails?.holdsAnswers != true }

    /// Whether what tools print is streamed to followers before guardrails have checked it.
    var streamsToolOutputs: Bool { guardrails?.holdsToolOutputs != true }

    /// What a round of tool calls has to know about the inspection of its outputs.
    var outputInspection: ToolRound.Inspection {
        ToolRound.Inspection(
            isOn: guardrails.map { !$0.toolOutput.isEmpty } ?? false,
            takesTime: guardrails?.takesTimeForToolOutputs == true
        )
    }

    /// Inspects a text, and asks judges where a guardrail wants one.
    ///
    /// - Parameters:
    ///   - text: The text.
    ///   - place: What it is.
    ///   - isWhole: Whether it is complete, and not cut at a limit.
    ///   - known: What was decided about it; nil if no operator was asked.
    ///   - looksUp: Whether a decision counts that was made about such a text for longer than once.
    func inspect(
        _ text: String,
        at place: GuardrailPlace,
        isWhole: Bool = true,
        known: ToolCallApproval? = nil,
        looksUp: Bool = true
    ) async -> (verdict: GuardrailVerdict, findings: Findings) {
        guard let guardrails, !guardrails[place].isEmpty else { return (.passed(text), Findings()) }
        var inspection = GuardrailInspection(text)
        await inspection.inspect(guardrails[place], at: place, isWhole: isWhole, with: judge)
        let verdict = Self.verdict(inspection, at: place)
        return (
            looksUp ? await decided(verdict, at: place, known: known) : verdict,
            Findings(hits: inspection.hits, steps: inspection.steps)
        )
    }

    /// Inspects the output of a call within a transaction, which must wait neither for a model nor for an operator: where
    /// one of them has to be asked, the output is inspected again after it.
    func inspectAtOnce(_ output: String) async -> (verdict: GuardrailVerdict, findings: Findings) {
        guard let guardrails, !guardrails.toolOutput.isEmpty else { return (.passed(output), Findings()) }
        let inspection = await withTaskExecutorPreference(WorkThreads.shared) { () async -> GuardrailInspection in
            var inspection = GuardrailInspection(output)
            inspection.inspect(guardrails.toolOutput, at: .toolOutput, isWhole: true)
            return inspection
        }
        if let guardrail = inspection.blocking {
            let reply = guardrail.reply(at: .toolOutput)
            return (.blocked(guardrail: guardrail.name, reply: reply), Findings(hits: inspection.hits))
        }
        // What was taken out is not found when it is inspected again, everything else is.
        let hits =
            guardrails.takesTimeForToolOutputs ? inspection.hits.filter { $0.action == .redact } : inspection.hits
        return (.passed(inspection.text), Findings(hits: hits))
    }

    /// The records of what ran within calls, without what guardrails have taken out of their outputs.
    ///
    /// - Parameters:
    ///   - records: The records.
    ///   - withheld: The ids of the calls whose output was withheld.
    func cleaned(_ records: [FunctionCallRecord], withheld: Set<String>) -> [FunctionCallRecord] {
        guard let guardrails, guardrails.holdsToolOutputs else { return records }
        return records.map { guardrails.cleaned($0, isWithheld: $0.callID.map(withheld.contains) ?? false) }
    }

    private static func verdict(_ inspection: GuardrailInspection, at place: GuardrailPlace) -> GuardrailVerdict {
        if let guardrail = inspection.blocking {
            return .blocked(guardrail: guardrail.name, reply: guardrail.reply(at: place))
        }
        guard !inspection.questions.isEmpty else { return .passed(inspection.text) }
        let questions = inspection.questions.map { question in
            GuardrailQuestion(
                guardrail: question.guardrail.name,
                detail: question.detail,
                timeout: question.guardrail.approvalTimeout,
                refusal: question.guardrail.reply(at: place)
            )
        }
        return .asks(inspection.text, questions)
    }

    // MARK: Approvals

    /// The verdict when an operator has decided about such a text, now or for longer than once.
    private func decided(
        _ verdict: GuardrailVerdict,
        at place: GuardrailPlace,
        known: ToolCallApproval?
    ) async -> GuardrailVerdict {
        guard case .asks(let text, let questions) = verdict, let first = questions.first else { return verdict }
        var state = known?.state
        if state == nil || state == .pending {
            let subject = Self.subject(of: questions, text, at: place)
            let standing = await journal.standingApprovals(
                of: agent,
                for: [ApprovalSubject(tool: Self.asker(questions), subject: subject)]
            )
            state = standing.first.flatMap { $0 } ?? state
        }
        switch state {
        case .approved?: return .passed(text)
        case .denied?, .expired?: return .blocked(guardrail: first.guardrail, reply: first.refusal)
        case .pending?, nil: return verdict
        }
    }

    /// The request that an operator decides about what guardrails have found.
    ///
    /// - Parameters:
    ///   - questions: What they ask.
    ///   - text: The text.
    ///   - place: What it is.
    ///   - call: The call that returned it; nil for the user's message.
    func approvalRequest(
        _ questions: [GuardrailQuestion],
        about text: String,
        at place: GuardrailPlace,
        of call: ToolCallRecord? = nil
    ) -> ApprovalRequest {
        var facts: JSONObject = [
            "place": .string(place.rawValue), "found": .storable(questions.map(\.detail).joined(separator: "; ")),
        ]
        if let call { facts["tool"] = .storable(call.request.name) }
        let names = questions.map(\.guardrail).joined(separator: ", ")
        return ApprovalRequest(
            call: call?.number ?? 0,
            request: ToolCallRequest(
                id: "",
                name: Self.asker(questions),
                arguments: JSONValue.object(facts).text
            ),
            agent: agent,
            decision: SafetyDecision(
                .ask,
                rule: "guardrail \(names)",
                subject: Self.subject(of: questions, text, at: place)
            ),
            timeout: questions.map(\.timeout).min() ?? .seconds(86_400),
            place: place.rawValue
        )
    }

    private static func asker(_ questions: [GuardrailQuestion]) -> String {
        "guardrail:" + questions.map(\.guardrail).joined(separator: ",")
    }

    /// What a decision is about: the same text, known by its whole digest, and what was found in it.
    ///
    /// Part of a digest would do for telling texts apart, but not here: who writes two texts that have it in common gets the
    /// harmless one approved and uses the other.
    private static func subject(
        of questions: [GuardrailQuestion],
        _ text: String,
        at place: GuardrailPlace
    ) -> String {
        let found = questions.map(\.detail).joined(separator: "; ").prefix(utf8: 900)
        let digest = SHA256.hexadecimal(of: Array(text.utf8))
        return "\(place.rawValue) \(digest): \(found)"
    }
}
