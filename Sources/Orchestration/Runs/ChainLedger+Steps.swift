internal import Conversation
internal import JSON

// What is done for a node, by its kind.
extension ChainLedger {
    /// What is to be done next for a node that was started, and how it ended if it has.
    ///
    /// What it returns counts as given out; asked again, it returns what has become possible meanwhile.
    package mutating func step(_ started: StartedNode) -> NodeStep {
        switch started.work {
        case .input(let value): taskStep(started, value)
        case .arguments(let value): callStep(started, value)
        case .question(let text): questionStep(started, text)
        case .items(let items):
            started.node.isCall
                ? callsStep(started, items) : mapStep(started, items, attempt: 1, of: Array(items.indices))
        case .plan(let plan): planStep(started, plan)
        case .ballots(let ballots): ballotStep(started, ballots)
        }
    }

    // MARK: An agent or a chain

    private mutating func taskStep(_ started: StartedNode, _ value: JSONValue) -> NodeStep {
        guard hasTasks(started.id) else {
            if let text = value.stringValue, text.allSatisfy(\.isWhitespace) {
                return .failed("empty_input", "There is nothing to send: the input is an empty text.")
            }
            return give(out: [request(for: started, value, group: started.id)])
        }
        guard let task = outcomes(of: started.id).first, task.isTold else { return NodeStep() }
        return .ended(task.nodeOutcome)
    }

    mutating func give(out requests: [TaskRequest]) -> NodeStep {
        guard lastTask + requests.count <= TaskRequest.maximumPerTurn else {
            return .failed("too_many_tasks", "A run has at most \(TaskRequest.maximumPerTurn) tasks.")
        }
        var step = NodeStep()
        step.tasks = give(requests)
        return step
    }

    /// The request of a task; an object is structured input.
    func request(
        for started: StartedNode,
        _ value: JSONValue,
        group: String,
        limit: Int = 1
    ) -> TaskRequest {
        let definition = started.node.definition
        var request = TaskRequest(
            number: 0,
            group: group,
            description: value.stringValue ?? "Node \(started.node.name) of the chain \(chain)",
            input: value.stringValue == nil ? value : nil,
            agent: definition["agent"]?.stringValue ?? definition["chain"]?.stringValue,
            capabilities: (definition["capabilities"]?.arrayValue ?? []).compactMap(\.stringValue),
            limit: limit
        )
        request.choices = started.choices
        request.timeout = started.timeout
        return request
    }

    // MARK: A tool, a function, an operator

    private mutating func callStep(_ started: StartedNode, _ arguments: JSONValue) -> NodeStep {
        if let call = ended(call: started.id) { return .ended(call.nodeOutcome) }
        return give(call: started.id, of: started.node.callee, arguments)
    }

    private mutating func give(call id: String, of tool: String, _ arguments: JSONValue) -> NodeStep {
        var step = NodeStep()
        if let call = give(ToolCallRequest(id: id, name: tool, arguments: arguments.text)) { step.calls = [call] }
        return step
    }

    /// A denial is an answer where the chain has a way for it, else a failure: nothing follows that nobody approved.
    private mutating func questionStep(_ started: StartedNode, _ text: String) -> NodeStep {
        guard let call = ended(call: started.id) else {
            var arguments: JSONObject = ["message": .string(text)]
            arguments["timeout"] = started.node.definition["timeout"]
            return give(call: started.id, of: ApprovalTool.name, .object(arguments))
        }
        guard call.state == .denied else { return .ended(call.nodeOutcome) }
        guard started.mayBeDenied else { return .failed("denied", call.text) }
        return .ended(.succeeded(["approved": false, "reason": .string(call.text)]))
    }

    private mutating func callsStep(_ started: StartedNode, _ items: [JSONValue]) -> NodeStep {
        let ids = items.indices.map { "\(started.id)/\($0 + 1)" }
        var step = NodeStep()
        for (id, arguments) in zip(ids, items) where ended(call: id) == nil {
            step.calls += give(call: id, of: started.node.callee, arguments).calls
        }
        let calls = ids.compactMap { ended(call: $0) }
        if calls.count == ids.count { step.outcome = mapped(calls.map(\.nodeOutcome), by: started.node) }
        return step
    }

    // MARK: A list

    /// Runs those items of a list that have not succeeded, so many attempts each.
    private mutating func mapStep(
        _ started: StartedNode,
        _ items: [JSONValue],
        attempt: Int,
        of indices: [Int],
        earlier: [Int: NodeOutcome] = [:]
    ) -> NodeStep {
        let group = StartedNode.id(started.key, attempt: attempt)
        guard !items.isEmpty else { return .ended(mapped([], by: started.node)) }
        guard hasTasks(group) else {
            let limit = Int(started.node.definition["max_parallel"]?.integerValue ?? 16)
            return give(out: indices.map { request(for: started, items[$0], group: group, limit: limit) })
        }
        let tasks = outcomes(of: group)
        var results = earlier
        for (index, task) in zip(indices, tasks) where task.isTold { results[index] = task.nodeOutcome }
        let failed = indices.filter { results[$0]?.failure != nil }
        if started.node.failureRule == .cancel, attempt >= started.node.attempts, let first = failed.first {
            var step = NodeStep.failed("failed", "Item \(first + 1) failed: \(results[first]?.failure?.message ?? "")")
            step.cancelled = openGroups(of: started.key)
            return step
        }
        guard tasks.count == indices.count, tasks.allSatisfy(\.isTold) else { return NodeStep() }
        if !failed.isEmpty, attempt < started.node.attempts {
            return mapStep(started, items, attempt: attempt + 1, of: failed, earlier: results)
        }
        return .ended(mapped(items.indices.compactMap { results[$0] }, by: started.node))
    }

    /// The outcome of a list from those of its items.
    private func mapped(_ outcomes: [NodeOutcome], by node: ChainNode) -> NodeOutcome {
        let failed = outcomes.compactMap(\.failure)
        if node.failureRule != .collect, let first = failed.first {
            return .failed(NodeFailure("failed", "\(failed.count) of \(outcomes.count) failed: \(first.message)"))
        }
        let results = outcomes.enumerated().map { index, outcome -> JSONValue in
            let place = JSONValue.integer(Int64(index))
            switch outcome {
            case .succeeded(let output, _): return ["index": place, "status": "succeeded", "output": output]
            case .failed(let failure, _):
                return ["index": place, "status": "failed", "error": failure.json(node: node.name)]
            }
        }
        return .succeeded([
            "results": .array(results), "total_tasks": .integer(Int64(outcomes.count)),
            "successful": .integer(Int64(outcomes.count - failed.count)), "failed": .integer(Int64(failed.count)),
        ])
    }

    // MARK: A vote

    private func ballotStep(_ started: StartedNode, _ ballots: JSONValue) -> NodeStep {
        var step = NodeStep()
        step.ballots = BallotCount(
            ballots: ballots,
            answer: started.node.definition["answer"] ?? [:],
            decide: started.node.definition["decide"] ?? [:]
        )
        return step
    }
}

extension ChainNode {
    /// Whether what it runs is a tool or a function.
    var isCall: Bool { definition["tool"] != nil || definition["function"] != nil }

    /// The tool or function that it runs.
    var callee: String { definition["tool"]?.stringValue ?? definition["function"]?.stringValue ?? "" }
}

extension NodeOutcome {
    /// Why it failed; nil if it has not.
    var failure: NodeFailure? {
        if case .failed(let failure, _) = self { failure } else { nil }
    }
}

extension TaskOutcome {
    /// What it means for its node.
    var nodeOutcome: NodeOutcome {
        switch state {
        case .done:
            guard let output else {
                return .failed(NodeFailure("too_large", "The answers of all tasks of the run together are too long."))
            }
            return .succeeded(.string(output), choices: chosen)
        case .cancelled: return .failed(NodeFailure("cancelled", "\(agent ?? "The task") was stopped."))
        case .failed, .held, .assigned:
            return .failed(NodeFailure(code ?? "failed", message ?? "\(agent ?? "The task") failed."))
        }
    }
}

extension ChainLedger.EndedCall {
    /// What it means for its node.
    var nodeOutcome: NodeOutcome {
        guard state != .succeeded else { return .succeeded(.string(text)) }
        return .failed(NodeFailure(errorCode ?? state.rawValue, text))
    }
}
