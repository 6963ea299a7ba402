internal import Conversation
internal import JSON

// A plan that was made at run time: its steps are tasks, each after those that it names.
extension ChainLedger {
    /// A step of a plan.
    private struct PlanStep {
        let name: String
        let agent: String
        let description: String
        let after: [String]
    }

    mutating func planStep(_ started: StartedNode, _ plan: JSONValue) -> NodeStep {
        let steps: [PlanStep]
        do throws(NodeFailure) { steps = try Self.steps(of: plan, for: started.node) } catch {
            return .ended(.failed(error, partial: []))
        }
        func group(_ name: String) -> String { "\(started.id)/\(name)" }
        var outcomes: [String: NodeOutcome] = [:]
        for step in steps {
            if let task = self.outcomes(of: group(step.name)).first, task.isTold {
                outcomes[step.name] = task.nodeOutcome
            }
        }
        let isOpen = steps.filter { hasTasks(group($0.name)) && outcomes[$0.name] == nil }
        let ready = steps.filter { step in
            !hasTasks(group(step.name)) && step.after.allSatisfy { outcomes[$0].map { $0.failure == nil } ?? false }
        }
        let places = Int(started.node.definition["max_parallel"]?.integerValue ?? 16) - isOpen.count
        if !ready.isEmpty, places > 0 {
            return give(
                out: ready.prefix(places).map { step in
                    var request = request(for: started, .string(Self.text(of: step, outcomes)), group: group(step.name))
                    request.agent = step.agent
                    return request
                }
            )
        }
        guard isOpen.isEmpty else { return NodeStep() }
        return .ended(Self.outcome(of: steps, outcomes))
    }

    /// Reads a plan: names that are all different, agents that may do them, and no step after itself.
    private static func steps(of plan: JSONValue, for node: ChainNode) throws(NodeFailure) -> [PlanStep] {
        var plan = plan
        if let text = plan.stringValue, let parsed = try? JSONValue(parsing: text) { plan = parsed }
        func wrong(_ message: String) -> NodeFailure { NodeFailure("invalid_plan", "The plan \(message).") }
        guard let list = plan.arrayValue ?? plan["subtasks"]?.arrayValue, !list.isEmpty, list.count <= 200 else {
            throw wrong("is no list of 1 to 200 subtasks")
        }
        let specialists = node.definition["specialists"]?.arrayValue?.compactMap(\.stringValue) ?? []
        var steps: [PlanStep] = []
        var known: Set<String> = []
        for (index, value) in list.enumerated() {
            guard let name = value["name"]?.stringValue, !name.isEmpty, name.utf8.count <= 64,
                let agent = value["agent"]?.stringValue, let description = value["description"]?.stringValue
            else { throw wrong("has no name, agent or description for subtask \(index + 1)") }
            guard known.insert(name).inserted else { throw wrong("has two subtasks \"\(name)\"") }
            guard specialists.isEmpty || specialists.contains(agent) else {
                throw wrong(
                    "gives \"\(name)\" to \"\(agent)\", which is none of \(specialists.joined(separator: ", "))"
                )
            }
            let after = value["after"]?.arrayValue?.compactMap(\.stringValue) ?? []
            steps.append(PlanStep(name: name, agent: agent, description: description, after: after))
        }
        if let unknown = steps.flatMap(\.after).first(where: { !known.contains($0) }) {
            throw wrong("has a subtask after \"\(unknown)\", which it does not have")
        }
        var done: Set<String> = []
        while let next = steps.first(where: { !done.contains($0.name) && done.isSuperset(of: $0.after) }) {
            done.insert(next.name)
        }
        guard done.count == steps.count else { throw wrong("has subtasks that wait for each other") }
        return steps
    }

    /// What the agent of a step is sent: the step, and what those before it gave.
    private static func text(of step: PlanStep, _ outcomes: [String: NodeOutcome]) -> String {
        let results = step.after.compactMap { name -> String? in
            guard case .succeeded(let value, _)? = outcomes[name] else { return nil }
            return "Result of \(name): \(value.stringValue ?? value.text)"
        }
        return ([step.description] + results).joined(separator: "\n\n")
    }

    /// The results of a plan's steps; where some failed, those of the others are what there is.
    private static func outcome(of steps: [PlanStep], _ outcomes: [String: NodeOutcome]) -> NodeOutcome {
        let results = steps.compactMap { step -> JSONValue? in
            guard case .succeeded(let value, _)? = outcomes[step.name] else { return nil }
            return ["name": .string(step.name), "agent": .string(step.agent), "output": value]
        }
        let failed = steps.filter { outcomes[$0.name]?.failure != nil }
        guard !failed.isEmpty else { return .succeeded(.array(results)) }
        let reasons = failed.map { "\($0.name): \(outcomes[$0.name]?.failure?.message ?? "")" }
        let failure = NodeFailure("failed", "Subtasks failed. \(reasons.joined(separator: "; "))")
        return .failed(failure, partial: .array(results))
    }
}
