import JSON
import Orchestration

/// Numbers that the seed decides.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}

/// A random graph that registration would take, and what its nodes do.
struct RandomChain {
    struct Edge {
        var source: Int
        var target: Int?
        var trigger = ChainEdge.Trigger.success
        var when: JSONValue?
        var isOtherwise = false
        var bound: Int?
    }

    let size: Int
    let edges: [Edge]
    let loops: [(body: Set<Int>, bound: Int)]
    /// Whether a failure always has a way on, to the end at least.
    let survivesFailures: Bool
    /// What each node is: an agent, a chain, a list or a join.
    let kinds: [ChainNode.Kind]
    /// The nodes that run at the first way in that is taken.
    let joinsAny: Set<Int>

    /// - Parameter joinsAny: Whether nodes with several ways in may join any of them.
    /// - Returns: nil where the shape is one that registration refuses.
    init?(using random: inout SeededGenerator, survivesFailures: Bool, joinsAny: Bool = false) {
        let size = Int.random(in: 2...14, using: &random)
        var edges: [Edge] = []
        for target in 1..<size {
            let count = min(target, [1, 1, 1, 2, 3].randomElement(using: &random) ?? 1)
            for source in Array(0..<target).shuffled(using: &random).prefix(count) {
                var edge = Edge(source: source, target: target)
                switch Int.random(in: 0..<20, using: &random) {
                case 0..<5: edge.when = Self.condition(divisor: 2, using: &random)
                case 5..<7: edge.isOtherwise = true
                case 7..<9: edge.trigger = Bool.random(using: &random) ? .failure : .always
                case 9: edge.trigger = .limit
                default: break
                }
                edges.append(edge)
            }
        }
        for _ in 0..<([0, 0, 1, 1, 2, 3].randomElement(using: &random) ?? 0) {
            let source = Int.random(in: 0..<size, using: &random)
            var edge = Edge(source: source, target: Int.random(in: 0...source, using: &random))
            edge.bound = Int.random(in: 2...4, using: &random)
            if Int.random(in: 0..<5, using: &random) > 0 { edge.when = Self.condition(divisor: 3, using: &random) }
            if Int.random(in: 0..<6, using: &random) == 0 { edge.trigger = .failure }
            edges.append(edge)
        }
        if survivesFailures {
            for node in 0..<size { edges.append(Edge(source: node, target: nil, trigger: .failure)) }
        }
        guard let loops = Self.loops(size, edges) else { return nil }
        self.size = size
        self.edges = edges
        self.loops = loops
        self.survivesFailures = survivesFailures
        // A join has several nodes before it, and the first node of a graph has nothing to join or to list.
        kinds = (0..<size).map { node in
            let before = edges.count { $0.target == node && $0.source < node }
            return switch Int.random(in: 0..<6, using: &random) {
            case 0 where before > 1: .collect
            case 1 where node > 0: .map
            case 2: .chain
            default: .agent
            }
        }
        self.joinsAny = Set(
            (0..<size).filter { node in
                joinsAny && edges.count { $0.target == node && $0.bound == nil } > 1
                    && Int.random(in: 0..<3, using: &random) > 0
            }
        )
    }

    private static func condition(divisor: Int64, using random: inout SeededGenerator) -> JSONValue {
        let rest = Int64.random(in: 0..<divisor, using: &random)
        return ["output.number": ["enum": .array((0..<97).filter { $0 % divisor == rest }.map { .integer($0) })]]
    }

    /// The loops; nil where a shape is refused.
    private static func loops(_ size: Int, _ edges: [Edge]) -> [(body: Set<Int>, bound: Int)]? {
        var reached = [Set<Int>](repeating: [], count: size)
        for node in (0..<size).reversed() {
            for edge in edges where edge.source == node && edge.bound == nil {
                if let target = edge.target { reached[node].formUnion(reached[target].union([target])) }
            }
        }
        guard reached[0].count == size - 1 else { return nil }
        var found: [Int: (body: Set<Int>, bound: Int)] = [:]
        for edge in edges {
            guard let bound = edge.bound, let header = edge.target else { continue }
            guard header == edge.source || reached[header].contains(edge.source) else { return nil }
            let body = (0..<size).filter { node in
                (node == header || reached[header].contains(node))
                    && (node == edge.source || reached[node].contains(edge.source))
            }
            let known = found[header] ?? ([], bound)
            guard known.bound == bound else { return nil }
            found[header] = (known.body.union(body), bound)
        }
        for (header, loop) in found {
            for edge in edges where edge.bound == nil {
                guard let target = edge.target, target != header, loop.body.contains(target) else { continue }
                guard loop.body.contains(edge.source) else { return nil }
            }
            for other in found.values where !other.body.isDisjoint(with: loop.body) {
                guard other.body.isSubset(of: loop.body) || loop.body.isSubset(of: other.body) else { return nil }
            }
        }
        return Array(found.values)
    }

    /// Most runs of nodes that the bounds allow.
    var maximumRuns: Int {
        (0..<size).reduce(0) { sum, node in
            sum + loops.filter { $0.body.contains(node) }.reduce(1) { $0 * $1.bound }
        }
    }

    func chain() throws -> Chain {
        let nodes = try (0..<size).map { index in
            try ChainNode(
                name: "n\(index)",
                kind: kinds[index],
                position: index + 1,
                definition: definition(of: index)
            )
        }
        let edges = try edges.map {
            try ChainEdge(
                from: "n\($0.source)",
                to: $0.target.map { "n\($0)" },
                upon: $0.trigger,
                when: $0.when,
                isOtherwise: $0.isOtherwise,
                bound: $0.bound
            )
        }
        return try Chain(
            nodes: nodes,
            edges: edges,
            state: [
                "sum": ["reduce": "add", "default": 0], "list": ["reduce": "append", "default": []],
                "last": ["default": -1],
            ]
        )
    }

    private func definition(of index: Int) -> JSONValue {
        var definition = work(of: index)
        if joinsAny.contains(index) { definition["join"] = "any" }
        return .object(definition)
    }

    /// A node that sees all that came before it; a list has an item for each, and a join counts the nodes before it.
    private func work(of index: Int) -> JSONObject {
        switch kinds[index] {
        case .collect:
            let before = Set(edges.filter { $0.target == index && $0.source < index }.map(\.source)).sorted()
            return [
                "of": .array(before.map { .string("n\($0)") }),
                "write": ["sum": "{{output.successful}}", "last": "{{output.failed}}"],
            ]
        case .map:
            return ["over": "{{state.list}}", "input": "{{item}} {{state.sum}}", "write": ["list": "{{output}}"]]
        default:
            return [
                "input": "{{state.sum}} {{state.list}} {{state.last}}", "attempts": .integer(index % 3 == 0 ? 2 : 1),
                "write": ["sum": "{{output.number}}", "list": "{{output}}", "last": "{{output.number}}"],
            ]
        }
    }
}
