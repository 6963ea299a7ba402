/// What leads where in a chain, and its loops.
///
/// A loop is a region: it is entered at one node, and its iteration ends when everything in it has.
struct ChainStructure: Sendable {
    /// A loop.
    struct Loop: Sendable {
        /// The node at which it begins.
        let header: Int
        /// Its nodes, with the header.
        let body: Set<Int>
        /// Most iterations.
        let bound: Int
        /// The smallest loop around it.
        var outer: Int?
    }

    /// Places of nodes by name.
    let indices: [String: Int]

    /// The nodes in the order of their positions.
    let order: [Int]

    /// The loops, the smallest first.
    let loops: [Loop]

    /// The smallest loop that a node is in, by node; a header is in its own.
    let loopOfNode: [Int?]

    /// The edges into a node that lead on, by node.
    let edgesIn: [[Int]]

    /// All edges out of a node, by node.
    let edgesOut: [[Int]]

    /// The loops that an edge leaves, the largest last, by edge.
    let loopsLeft: [[Int]]

    /// The edges back to a loop's beginning, by loop.
    let edgesBack: [[Int]]

    init(nodes: [ChainNode], edges: [ChainEdge]) throws(ChainError) {
        guard !nodes.isEmpty else { throw ChainError("nodes", "there are none") }
        var indices: [String: Int] = [:]
        for (index, node) in nodes.enumerated() {
            guard indices.updateValue(index, forKey: node.name) == nil else {
                throw ChainError(node.name, "two nodes have this name")
            }
        }
        var ends: [(source: Int, target: Int?)] = []
        for edge in edges {
            guard let source = indices[edge.source] else { throw ChainError(edge.source, "no node has this name") }
            let target = edge.target.map { indices[$0] }
            if case .some(.none) = target { throw ChainError(edge.target ?? "", "no node has this name") }
            ends.append((source, target ?? nil))
        }
        let order = nodes.indices.sorted { (nodes[$0].position, $0) < (nodes[$1].position, $1) }
        let rank = Dictionary(uniqueKeysWithValues: order.enumerated().map { ($1, $0) })
        var edgesIn = [[Int]](repeating: [], count: nodes.count)
        var edgesOut = edgesIn
        for (index, end) in ends.enumerated() {
            edgesOut[end.source].append(index)
            guard edges[index].bound == nil, let target = end.target else { continue }
            guard rank[end.source, default: 0] < rank[target, default: 0] else {
                throw ChainError("\(edges[index].source) → \(edges[index].target ?? "")", "leads back without a bound")
            }
            edgesIn[target].append(index)
        }
        let loops = Self.loops(nodes, edges, ends, edgesIn, order)
        self.indices = indices
        self.order = order
        self.edgesIn = edgesIn
        self.edgesOut = edgesOut
        self.loops = loops
        loopOfNode = nodes.indices.map { node in loops.firstIndex { $0.body.contains(node) } }
        loopsLeft = ends.indices.map { index in
            guard edges[index].bound == nil else { return [] }
            return loops.indices.filter { loop in
                loops[loop].body.contains(ends[index].source)
                    && !(ends[index].target.map { loops[loop].body.contains($0) } ?? false)
            }
        }
        edgesBack = loops.map { loop in
            ends.indices.filter { edges[$0].bound != nil && ends[$0].target == loop.header }
        }
    }

    /// The loops that edges back make: all between the node that they lead to and the nodes that they leave.
    private static func loops(
        _ nodes: [ChainNode],
        _ edges: [ChainEdge],
        _ ends: [(source: Int, target: Int?)],
        _ edgesIn: [[Int]],
        _ order: [Int]
    ) -> [Loop] {
        var before = [Set<Int>](repeating: [], count: nodes.count)
        for node in order {
            for edge in edgesIn[node] { before[node].formUnion(before[ends[edge].source].union([ends[edge].source])) }
        }
        var bodies: [Int: (body: Set<Int>, bound: Int)] = [:]
        for (index, end) in ends.enumerated() {
            guard let bound = edges[index].bound, let header = end.target else { continue }
            let body = before[end.source].filter { before[$0].contains(header) }.union([header, end.source])
            let known = bodies[header]
            bodies[header] = ((known?.body ?? []).union(body), max(known?.bound ?? 0, bound))
        }
        var loops = bodies.map { Loop(header: $0.key, body: $0.value.body, bound: $0.value.bound) }
        loops.sort { ($0.body.count, $0.header) < ($1.body.count, $1.header) }
        for index in loops.indices {
            loops[index].outer = loops.indices.first {
                $0 > index && loops[index].body.isStrictSubset(of: loops[$0].body)
            }
        }
        return loops
    }
}
