package import JSON

/// A compiled chain: what the rows of a version say.
package struct Chain: Sendable {
    /// The nodes, in the order of the document; a run begins at the first.
    package let nodes: [ChainNode]

    /// The ways between them, in the order of the document.
    package let edges: [ChainEdge]

    /// What nodes share, by name.
    package let state: [String: StateKey]

    /// What the chain returns; without it, the output of the last node.
    let output: ChainTemplate?

    /// Loops, and what leads where.
    let structure: ChainStructure

    /// A chain.
    ///
    /// - Parameters:
    ///   - nodes: The nodes, at least one, with names that are all different.
    ///   - edges: The ways between them.
    ///   - state: `{schema, reduce, default}` by key.
    ///   - output: The template of the result.
    /// - Throws: ``ChainError`` for what registration refuses, as far as it keeps a machine from running.
    package init(
        nodes: [ChainNode],
        edges: [ChainEdge],
        state: JSONValue = [:],
        output: JSONValue? = nil
    ) throws(ChainError) {
        self.nodes = nodes
        self.edges = edges
        var keys: [String: StateKey] = [:]
        for member in state.objectValue ?? [:] { keys[member.key] = try StateKey(member.value, name: member.key) }
        self.state = keys
        self.output = try output.map { (value) throws(ChainError) in try ChainTemplate(chain: value, place: "output") }
        structure = try ChainStructure(nodes: nodes, edges: edges)
    }

    /// The place of a node in ``nodes``.
    func index(of name: String) -> Int? { structure.indices[name] }
}
