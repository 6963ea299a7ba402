internal import Definitions
internal import JSON
internal import JSONSchema

extension ChainMachine {
    /// Begins a node that is ready; what needs nobody else ends at once.
    mutating func start(_ index: Int) {
        let node = chain.nodes[index]
        visits[index] += 1
        atBound.remove(index)
        let key = NodeRun.Key(node.name, visits[index])
        let after = ways[index]
        var scope = scope(after: after)
        scope.iteration = chain.structure.loopOfNode[index].map { loops[$0].iteration }
        states[index] = .running
        do throws(NodeFailure) {
            if node.isPure {
                let value = try value(of: node, in: scope)
                let begun = Started(after: after, scope: scope, input: value, attempt: 1)
                let outcome = Self.outcome(of: node, value)
                record(ended(key, index, begun, outcome), index, scope)
            } else {
                let work = try work(for: node, in: scope)
                started[key] = Started(after: after, scope: scope, input: work.json, attempt: 1)
                actions.append(.start(key, work, attempt: 1))
            }
        } catch {
            let run = NodeRun(
                key: key,
                after: after,
                level: level(after: after),
                status: .failed,
                input: nil,
                output: nil,
                writes: [:],
                choices: [],
                failure: error
            )
            record(run, index, scope)
        }
    }

    /// A collect that counts failures fails with what it collected.
    private static func outcome(of node: ChainNode, _ value: JSONValue) -> NodeOutcome {
        let failures = value["failed"]?.integerValue ?? 0
        guard node.kind == .collect, node.failureRule != .collect, failures > 0 else { return .succeeded(value) }
        return .failed(NodeFailure("failed", "\(failures) of \(node.members.count) failed"))
    }

    /// A run from how it ended: what counts of the output, checked, and what it writes.
    func ended(_ key: NodeRun.Key, _ index: Int, _ begun: Started, _ outcome: NodeOutcome) -> NodeRun {
        let node = chain.nodes[index]
        var output: JSONValue?
        var writes: [String: JSONValue] = [:]
        var choices: [String] = []
        var failure: NodeFailure?
        switch outcome {
        case .failed(let reason, let partial):
            failure = reason
            output = node.kind == .collect ? begun.input : partial
        case .succeeded(let value, let chosen):
            choices = chosen
            do throws(NodeFailure) {
                let selected = try Self.selected(value, for: node)
                output = selected
                if node.kind == .vote, value["decided"]?.boolValue == false { throw Self.undecided(node) }
                var scope = begun.scope
                scope.output = selected
                writes = try self.writes(of: node, in: scope)
            } catch {
                failure = error
                writes = [:]
            }
        }
        return NodeRun(
            key: key,
            after: begun.after,
            level: level(after: begun.after),
            status: failure == nil ? .succeeded : .failed,
            input: begun.input,
            output: output,
            writes: writes,
            choices: choices,
            failure: failure
        )
    }

    /// Why a vote has failed that decides nothing; of a judge's alone, that it names no option.
    private static func undecided(_ node: ChainNode) -> NodeFailure {
        guard node.role == "verdict" else { return NodeFailure("no_decision", "The votes decide nothing.") }
        let options = (node.definition["answer"]?["options"]?.arrayValue ?? []).compactMap(\.stringValue)
        return NodeFailure(
            "invalid_output",
            "The judge's answer is not exactly one of the options: \(options.joined(separator: ", "))."
        )
    }

    private static func selected(_ value: JSONValue, for node: ChainNode) throws(NodeFailure) -> JSONValue {
        var value = value
        // A text that is JSON is read as such where something is asked of it.
        if node.selection?.isEmpty == false || node.outputSchema != nil, let text = value.stringValue,
            let parsed = try? JSONValue(parsing: text)
        {
            value = parsed
        }
        if let selection = node.selection {
            guard let selected = value.value(at: selection) else {
                throw NodeFailure("invalid_output", "The output has nothing at \(selection).")
            }
            value = selected
        }
        if let violation = node.outputSchema?.validate(value, limit: 1).first {
            throw NodeFailure("invalid_output", "The output does not fit: \(violation.description)")
        }
        return value
    }

    private func writes(of node: ChainNode, in scope: ChainScope) throws(NodeFailure) -> [String: JSONValue] {
        var writes: [String: JSONValue] = [:]
        for (key, template) in node.writes {
            do throws(TemplateError) {
                writes[key] = try template.value(in: scope) ?? .null
            } catch {
                throw NodeFailure("template", "write.\(key): \(error.message)")
            }
        }
        if let failure = failure(ofWriting: writes) { throw failure }
        return writes
    }

    private func failure(ofWriting writes: [String: JSONValue]) -> NodeFailure? {
        for (key, value) in writes.sorted(by: { $0.key < $1.key }) {
            if let problem = chain.state[key]?.problem(with: value) {
                return NodeFailure("state", "state.\(key): \(problem)")
            }
        }
        return nil
    }

    /// A stored run, failed if the state does not allow what it wrote: who runs a chain again may have changed that.
    func checked(_ run: NodeRun) -> NodeRun {
        guard let failure = failure(ofWriting: run.writes) else { return run }
        return NodeRun(
            key: run.key,
            after: run.after,
            level: run.level,
            status: .failed,
            input: run.input,
            output: run.output,
            writes: [:],
            choices: [],
            failure: failure
        )
    }

    /// Takes up a run that has ended.
    mutating func record(_ run: NodeRun, _ index: Int, _ scope: ChainScope) {
        started[run.key] = nil
        runs[run.key] = run
        actions.append(.store(run))
        states[index] = run.status == .succeeded ? .succeeded : .failed
        for loop in loops.indices where chain.structure.loops[loop].body.contains(index) {
            loops[loop].runs.append(run.key)
        }
        var seen = scope
        seen.fold(run, chain.state)
        seen.output = run.output
        scopes[index] = seen
        if run.status != .succeeded, !hasWay(index) { end(run) }
    }

    /// Ends the chain: by a run whose failure has no way on, or because nothing is left to do.
    mutating func end(_ failed: NodeRun?) {
        guard result == nil else { return }
        for key in runningKeys { actions.append(.cancel(key)) }
        started = [:]
        var scope = base
        for run in ordered(runs.values) { scope.fold(run, chain.state) }
        var output = failed == nil ? scope.previous : nil
        var failure = failed?.failure
        if failed == nil, let template = chain.output {
            do throws(TemplateError) { output = try template.value(in: scope) } catch {
                output = nil
                failure = NodeFailure("template", "output: \(error.message)")
            }
        }
        let result = ChainResult(
            success: failure == nil && failed == nil,
            finalOutput: output,
            stageOutputs: scope.nodes,
            failedStage: failed?.key.node,
            failure: failure
        )
        self.result = result
        actions.append(.end(result))
    }

    // MARK: What a node sees

    private func level(after keys: [NodeRun.Key]) -> Int {
        1 + (keys.compactMap { runs[$0]?.level }.max() ?? 0)
    }

    /// What the ancestors of a run gave and wrote.
    private func scope(after keys: [NodeRun.Key]) -> ChainScope {
        var ancestors: Set<NodeRun.Key> = []
        var waiting = keys
        while let key = waiting.popLast() {
            guard ancestors.insert(key).inserted, let run = runs[key] else { continue }
            waiting += run.after
        }
        var scope = base
        for run in ordered(ancestors.compactMap { runs[$0] }) { scope.fold(run, chain.state) }
        return scope
    }

    private func ordered(_ runs: some Sequence<NodeRun>) -> [NodeRun] {
        func place(_ run: NodeRun) -> (Int, Int, Int) {
            (run.level, chain.index(of: run.key.node).map { chain.nodes[$0].position } ?? 0, run.key.visit)
        }
        return runs.sorted { place($0) < place($1) }
    }
}
