/// On which line of a drawing each node stands: below all that lead to it.
struct ChainRanks {
    /// The line of each node, from 0.
    private(set) var ranks: [Int]
    /// For each edge, whether it leads back: to a line above, or to its own node.
    private(set) var isBack: [Bool]

    /// - Parameter graph: Circles may be in it: of each, the edge that closes it leads back.
    init(_ graph: ChainGraph) {
        ranks = Array(repeating: 0, count: graph.nodes.count)
        isBack = graph.edges.map { $0.isBack || $0.source == $0.target }
        var leaving: [[Int]] = Array(repeating: [], count: graph.nodes.count)
        for (index, edge) in graph.edges.enumerated() where !isBack[index] { leaving[edge.source].append(index) }
        var order: [Int] = []
        var state = Array(repeating: Visit.new, count: graph.nodes.count)
        for node in graph.nodes.indices where state[node] == .new {
            visit(node, graph, leaving, &state, &order)
        }
        for node in order.reversed() {
            for edge in leaving[node] where !isBack[edge] {
                let target = graph.edges[edge].target
                ranks[target] = max(ranks[target], ranks[node] + 1)
            }
        }
    }

    private enum Visit { case new, open, done }

    /// Appends nodes after all that they lead to, without recursion: a chain may be long.
    private mutating func visit(
        _ first: Int,
        _ graph: ChainGraph,
        _ leaving: [[Int]],
        _ state: inout [Visit],
        _ order: inout [Int]
    ) {
        var path = [(node: first, next: 0)]
        state[first] = .open
        while let last = path.last {
            guard last.next < leaving[last.node].count else {
                state[last.node] = .done
                order.append(last.node)
                path.removeLast()
                continue
            }
            path[path.count - 1].next += 1
            let edge = leaving[last.node][last.next]
            let target = graph.edges[edge].target
            switch state[target] {
            case .new:
                state[target] = .open
                path.append((target, 0))
            case .open: isBack[edge] = true
            case .done: break
            }
        }
    }
}
