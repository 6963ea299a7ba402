package import JSON

/// A chain with what a run of it needs besides its nodes.
package struct RunnableChain: Sendable {
    /// The nodes and edges.
    package let chain: Chain
    /// Most nodes at once.
    package let maximumParallel: Int
    /// What all tasks of a run together may take.
    package let allowance: TaskAllowance

    /// Reads the rows of a version.
    ///
    /// - Parameters:
    ///   - document: The chain's document.
    ///   - graph: `{nodes: [{name, kind, position, definition}], edges: [{from, to, upon, when, otherwise, choose, loop}]}`.
    /// - Throws: ``ChainError`` for rows that no registration would have let pass.
    package init(document: JSONValue, graph: JSONValue) throws(ChainError) {
        var nodes: [ChainNode] = []
        for node in graph["nodes"]?.arrayValue ?? [] {
            let name = node["name"]?.stringValue ?? ""
            guard let kind = node["kind"]?.stringValue.flatMap(ChainNode.Kind.init(rawValue:)) else {
                throw ChainError(name, "is of no known kind")
            }
            nodes.append(
                try ChainNode(
                    name: name,
                    kind: kind,
                    position: Int(node["position"]?.integerValue ?? 0),
                    definition: node["definition"] ?? [:]
                )
            )
        }
        var edges: [ChainEdge] = []
        for edge in graph["edges"]?.arrayValue ?? [] {
            edges.append(
                try ChainEdge(
                    from: edge["from"]?.stringValue ?? "",
                    to: edge["to"]?.stringValue,
                    upon: edge["upon"]?.stringValue.flatMap(ChainEdge.Trigger.init(rawValue:)) ?? .success,
                    when: edge["when"],
                    isOtherwise: edge["otherwise"]?.boolValue ?? false,
                    isChosen: edge["choose"]?.boolValue ?? false,
                    bound: edge["loop"]?.integerValue.map { Int($0) }
                )
            )
        }
        chain = try Chain(nodes: nodes, edges: edges, state: document["state"] ?? [:], output: document["output"])
        maximumParallel = Int(document["max_parallel"]?.integerValue ?? 16)
        allowance = TaskAllowance(
            tokens: document["budget"]?["tokens"]?.integerValue.map { Int($0) },
            cost: document["budget"]?["cost_usd"]?.numberValue
        )
    }

    /// The tools and functions that its nodes call, each once, in their order.
    package var callees: (tools: [String], functions: [String]) {
        func names(_ member: String) -> [String] {
            var names: [String] = []
            for node in chain.nodes {
                if let name = node.definition[member]?.stringValue, !names.contains(name) { names.append(name) }
            }
            return names
        }
        return (names("tool"), names("function"))
    }
}
