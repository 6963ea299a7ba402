internal import JSON

extension Turn {
    /// Has the agent's policy decide about the calls of a round that have not begun; false when the turn waits for a
    /// person.
    ///
    /// A call that is denied has its answer at once. Calls that nobody asks about wait with those that somebody does:
    /// the calls of an answer run together.
    mutating func decide() async -> Bool {
        var asks: [(index: Int, decision: SafetyDecision)] = []
        for index in record.toolCalls.indices where record.toolCalls[index].state == .planned {
            let call = record.toolCalls[index]
            if let approval = call.approval, approval.state != .pending {
                if approval.state != .approved { deny(index, Self.denial(by: approval)) }
                continue
            }
            let decision = agent.policy.decide(proposed(index))
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
        for (index, decision) in asks {
            let call = record.toolCalls[index]
            switch await journal.standingApproval(of: agent.name, tool: call.request.name, subject: decision.subject) {
            case .approved: record.toolCalls[index].approval = ToolCallApproval(.approved)
            case .denied: deny(index, Self.denial(by: ToolCallApproval(.denied)))
            case .pending, .expired, nil: open.append((index, decision))
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
                    "approval_requested",
                    data: [
                        "call": .integer(Int64(call.number)), "tool": .storable(call.request.name),
                        "subject": .storable(decision.subject), "rule": .string(decision.rule),
                    ]
                )
            )
        }
        let names = open.map { "call \(record.toolCalls[$0.index].number) (\($0.decision.subject))" }
        await wait(for: "approval", "approval_required", "\(names.joined(separator: ", ")) needs approval")
        return false
    }

    /// How the result of a call that was denied begins.
    private static let denied = "Error: The call was denied."

    private mutating func deny(_ index: Int, _ reason: String) {
        record.toolCalls[index].result = "\(Self.denied) \(reason)"
        record.toolCalls[index].errorCode = "denied"
        record.toolCalls[index].state = .denied
        emit(
            .toolFinished(
                id: record.toolCalls[index].request.id,
                name: record.toolCalls[index].request.name,
                output: record.toolCalls[index].result ?? "",
                isError: true
            )
        )
    }

    private static func denial(by approval: ToolCallApproval) -> String {
        if approval.state == .expired { return "Nobody approved it in time." }
        return "A person decided so" + (approval.reason.map { ": \($0)" } ?? ".")
    }

    private func proposed(_ index: Int) -> ProposedCall {
        let call = record.toolCalls[index]
        // Calls of one answer run together, but they are counted in their order.
        let besides = record.toolCalls[..<index].filter { $0.state == .planned }.map(\.request.name)
        return ProposedCall(
            tool: call.request.name,
            implementation: agent.toolImplementations[call.request.name],
            effect: call.effect,
            arguments: (try? JSONValue(parsing: call.request.arguments)) ?? .null,
            agent: agent.name,
            earlierCalls: answeredTools { !$0.hasPrefix("Error:") },
            attemptedCalls: answeredTools { !$0.hasPrefix(Self.denied) } + besides,
            cost: record.cost
        )
    }

    /// The tools whose results in the turn are of a kind, in order; those of earlier attempts are known by their messages.
    private func answeredTools(where isMeant: (String) -> Bool) -> [String] {
        let names = Dictionary(
            record.messages.flatMap(\.toolCalls).map { ($0.id, $0.name) },
            uniquingKeysWith: { first, _ in first }
        )
        return record.messages.compactMap { message in
            guard message.role == .tool, let id = message.toolCallID, isMeant(message.content) else {
                return nil
            }
            return names[id]
        }
    }
}
