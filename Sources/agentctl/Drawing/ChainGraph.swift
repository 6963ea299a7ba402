import JSON

/// What a drawing of a chain needs: nodes, and the ways between them.
struct ChainGraph: Hashable {
    /// A node, or the end of the chain.
    struct Node: Hashable {
        let name: String
        /// What running it does: `agent`, `tool`, …; `end` for the end of the chain.
        let kind: String
        /// What it runs, in words.
        let words: String
        /// Most iterations of the loop that begins at it.
        var bound: Int64?
    }

    /// A way from one node to another, both by their places in ``nodes``.
    struct Edge: Hashable {
        let source: Int
        let target: Int
        /// When it is taken, in words; empty for always or success.
        let words: String
        /// Whether it leads back to where a loop begins.
        let isBack: Bool
    }

    let title: String
    let nodes: [Node]
    let edges: [Edge]

    /// - Parameter report: As the SQL function `agentctl.chain_graph` returns it.
    init(_ report: JSONObject) {
        let kind = report["kind"]?.stringValue == "relationship" ? "relationship" : nil
        let strategy = [kind, report["strategy"]?.stringValue].compactMap(\.self).joined(separator: ", ")
        title = "\(report["name"]?.stringValue ?? "") · \(strategy)"
        var nodes = (report["nodes"]?.arrayValue ?? []).map { node in
            Node(
                name: node["name"]?.stringValue ?? "",
                kind: node["kind"]?.stringValue ?? "",
                words: node["words"]?.stringValue ?? "",
                bound: node["bound"]?.integerValue
            )
        }
        let places = Dictionary(nodes.enumerated().map { ($1.name, $0) }) { first, _ in first }
        let end = nodes.count
        var edges: [Edge] = []
        for edge in report["edges"]?.arrayValue ?? [] {
            guard let source = edge["from"]?.stringValue.flatMap({ places[$0] }) else { continue }
            let target = edge["to"]?.stringValue
            guard let place = target.map({ places[$0] }) ?? end else { continue }
            let words = edge["words"]?.stringValue ?? ""
            edges.append(Edge(source: source, target: place, words: words, isBack: edge["loop"]?.integerValue != nil))
        }
        if edges.contains(where: { $0.target == end }) { nodes.append(Node(name: "end", kind: "end", words: "")) }
        self.nodes = nodes
        self.edges = edges
    }
}
