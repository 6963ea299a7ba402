internal import JSON

extension Turn {
    /// Has the agent's policy decide about the calls of a round that have not begun; false when the turn waits for a
    /// person.
    ///
    /// A call that is denied has its answer at once. Calls that nobody asks about wait with those that somebody does:
    /// the calls of an answer run together.
    mutating func decide() async -> Bool {
        var asks: [(index: Int, decision: SafetyDecision)] = []
        let before = callsBefore
        for index in record.toolCalls.indices where record.toolCalls[index].state == .planned {
            let call = record.toolCalls[index]
            if let approval = call.approval, approval.state != .pending {
                if approval.state != .approved { deny(index, Self.denial(by: approval)) }
                continue
            }
            let decision = agent.policy.decide(proposed(index, after: before))
            record.toolCalls[index].rule = "\(decision.action.rawValue) by \(decision.rule)"
            switch decision.action {
            case .allow: continue
            case .deny: deny(index, decision.reason ?? "It is not allowed (\(decision.rule)).")
            case .ask: asks.append((index, decision))
            }
        }
        return asks.isEmpty ? true : await ask(asks)
    }

    /// Asks a person about calls, unless somebody has decided about such calls before.
    private mutating func ask(_ asks: [(index: Int, decision: SafetyDecision)]) async -> Bool {
        var open: [(index: Int, decision: SafetyDecision)] = []
        let subjects = asks.map { (record.toolCalls[$0.index].request.name, $0.decision.subject) }
        let standing = await journal.standingApprovals(of: agent.name, for: subjects)
        for (ask, state) in zip(asks, standing) {
            switch state {
            case .approved: record.toolCalls[ask.index].approval = ToolCallApproval(.approved)
            case .denied: deny(ask.index, Self.denial(by: ToolCallApproval(.denied)))
            case .pending, .expired, nil: open.append(ask)
            }
        }
        guard !open.isEmpty else { return true }
        for (index, decision) in open {
            let call = record.toolCalls[index]
            record.approvals.append(
                ApprovalRequest(
                    call: call.number,
                    request: call.request,
                    agent: agent.name,
                    decision: decision,
                    timeout: agent.policy.approvalTimeout
                )
            )
            record.events.append(
                EventRecord(
                    .approvalRequested(
                        Event.ApprovalQuestion(
                            call: call.number,
                            tool: call.request.name,
                            place: nil,
                            subject: decision.subject,
                            rule: decision.rule
                        )
                    )
                )
            )
        }
        let names = open.map { "call \(record.toolCalls[$0.index].number) (\($0.decision.subject))" }
        await wait(for: .approval, "\(names.joined(separator: ", ")) needs approval")
        return false
    }

    private mutating func deny(_ index: Int, _ reason: String) {
        record.toolCalls[index].result = "Error: The call was denied. \(reason)"
        record.toolCalls[index].errorCode = "denied"
        record.toolCalls[index].state = .denied
        tell(record.toolCalls[index])
    }

    private static func denial(by approval: ToolCallApproval) -> String {
        if approval.state == .expired { return "Nobody approved it in time." }
        return "A person decided so" + (approval.reason.map { ": \($0)" } ?? ".")
    }

    private func proposed(_ index: Int, after before: [(tool: String, succeeded: Bool)]) -> ProposedCall {
        let call = record.toolCalls[index]
        // Calls of one answer run together, but they are counted in their order.
        let besides = record.toolCalls[..<index].filter { $0.state == .planned }.map(\.request.name)
        let arguments = (try? JSONValue(parsing: call.request.arguments)) ?? .null
        return ProposedCall(
            tool: call.request.name,
            implementation: agent.toolImplementations[call.request.name],
            effect: call.effect,
            arguments: arguments,
            facts: agent.tools.tool(named: call.request.name)?.facts(of: arguments),
            agent: agent.name,
            earlierCalls: before.filter(\.succeeded).map(\.tool),
            attemptedCalls: before.map(\.tool) + besides,
            cost: record.cost
        )
    }

    /// The tools that were called before in the turn, in order, and whether they succeeded; not those that were denied.
    ///
    /// A tool's output, which others may have written, has no say in what counts.
    private var callsBefore: [(tool: String, succeeded: Bool)] {
        let earlier = claim.progress?.earlierCalls ?? []
        let calls = earlier + record.toolCalls.filter { $0.state != .planned }.map { ($0.request.name, $0.state) }
        return calls.filter { $0.state != .denied }.map { ($0.tool, $0.state == .succeeded) }
    }
}
