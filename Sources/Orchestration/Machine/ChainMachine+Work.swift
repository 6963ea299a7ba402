internal import Definitions
internal import JSON

extension ChainMachine {
    /// Most items of a map.
    static let maximumItems = 10_000

    /// The work of a node that the engine runs outside the machine.
    func work(for node: ChainNode, in scope: ChainScope) throws(NodeFailure) -> NodeWork {
        switch node.kind {
        case .agent, .chain: return .input(rounded(try filled(node.work, in: scope), node, scope))
        case .tool, .function: return .arguments(try filled(node.work, in: scope, otherwise: [:]))
        case .approval:
            let message = try filled(node.work, in: scope)
            return .question(message.stringValue ?? message.text)
        case .plan: return .plan(try filled(node.work, in: scope))
        case .map:
            let list = try filled(node.list, in: scope)
            guard let items = list.arrayValue, items.count <= Self.maximumItems else {
                throw NodeFailure("template", "expected a list of at most \(Self.maximumItems), found \(list.summary)")
            }
            var sent: [JSONValue] = []
            var scope = scope
            for (index, item) in items.enumerated() {
                scope.item = (item, index)
                sent.append(try filled(node.work, in: scope, otherwise: item))
            }
            return .items(sent)
        case .vote: return .ballots(.array(node.members.map { ballot(of: $0, in: scope) }))
        case .set, .collect: return .input(try value(of: node, in: scope))
        }
    }

    /// The work of a run that is tried again.
    func work(of begun: Started, _ index: Int) -> NodeWork {
        switch chain.nodes[index].kind {
        case .agent, .chain, .set, .collect: .input(begun.input)
        case .tool, .function: .arguments(begun.input)
        case .approval: .question(begun.input.stringValue ?? begun.input.text)
        case .plan: .plan(begun.input)
        case .map: .items(begun.input.arrayValue ?? [])
        case .vote: .ballots(begun.input)
        }
    }

    /// The output of a node that the machine runs itself.
    func value(of node: ChainNode, in scope: ChainScope) throws(NodeFailure) -> JSONValue {
        guard node.kind == .collect else {
            return rounded(try filled(node.work, in: scope, otherwise: .null), node, scope)
        }
        let results = node.members.map { name -> JSONValue in
            guard let run = scope.runs[name] else { return ["node": .string(name), "status": "skipped"] }
            var result: JSONObject = ["node": .string(name), "status": .string(run.status.rawValue)]
            if run.status == .succeeded {
                result["output"] = run.output
            } else {
                result["error"] = run.failure?.json(node: name)
            }
            return .object(result)
        }
        func count(_ status: NodeRun.Status) -> JSONValue {
            .integer(Int64(results.count { $0["status"]?.stringValue == status.rawValue }))
        }
        return [
            "results": .array(results), "total_tasks": .integer(Int64(results.count)),
            "successful": count(.succeeded), "failed": count(.failed),
        ]
    }

    private func ballot(of name: String, in scope: ChainScope) -> JSONValue {
        var ballot: JSONObject = ["voter": .string(name)]
        if let node = chain.index(of: name), let weight = chain.nodes[node].definition["weight"] {
            ballot["weight"] = weight
        }
        if let run = scope.runs[name], run.status == .succeeded { ballot["answer"] = run.output }
        return .object(ballot)
    }

    private func filled(
        _ template: ChainTemplate?,
        in scope: ChainScope,
        otherwise: JSONValue? = nil
    ) throws(NodeFailure) -> JSONValue {
        do throws(TemplateError) {
            if let value = try template?.value(in: scope) ?? otherwise { return value }
        } catch {
            throw NodeFailure("template", error.message)
        }
        throw NodeFailure("template", "there is nothing to send")
    }

    /// In a later round, a question comes with the other answers, without names; a plan or a verdict with why the last one
    /// failed.
    private func rounded(_ value: JSONValue, _ node: ChainNode, _ scope: ChainScope) -> JSONValue {
        guard let role = node.role, let iteration = scope.iteration, iteration > 1 else { return value }
        let text = value.stringValue ?? value.text
        switch role {
        case "question":
            let voters = chain.nodes.first { $0.kind == .vote }?.members ?? []
            let answers = voters.compactMap { scope.runs[$0] }.filter { $0.status == .succeeded }.compactMap(\.output)
            guard !answers.isEmpty else { return value }
            let list = answers.map { "- \($0.stringValue ?? $0.text)" }.joined(separator: "\n")
            return .string("\(text)\n\nThe answers of the round before, which decided nothing:\n\(list)")
        case "plan":
            guard let message = scope.error?["message"]?.stringValue else { return value }
            return .string("\(text)\n\nThe plan before failed: \(message)")
        case "judge":
            guard let message = scope.error?["message"]?.stringValue else { return value }
            return .string("\(text)\n\nThe answer before did not count: \(message)")
        default: return value
        }
    }
}
