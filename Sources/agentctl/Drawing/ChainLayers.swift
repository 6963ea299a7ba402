/// The order of what stands on each line of a drawing: nodes, and the places where ways pass a line.
///
/// Nodes are on even lines. Each way that leads on passes every line between its nodes, so that room is kept for it; on
/// the first, an odd one, stands its label.
struct ChainLayers {
    /// What stands on a line.
    struct Item {
        enum Kind: Hashable {
            case node(Int)
            /// Where an edge passes; with its label on the first line below its source.
            case pass(edge: Int, hasLabel: Bool)
        }

        let kind: Kind
        /// Items of the line above and of the one below that it is tied to.
        var above: [Int] = []
        var below: [Int] = []
    }

    private(set) var items: [Item] = []
    /// The items of each line, from left to right.
    private(set) var lines: [[Int]]
    /// The items of each edge that leads on, from its source to its target; empty for one that leads back.
    private(set) var ways: [[Int]]

    private static let sweeps = 12

    init(_ graph: ChainGraph, _ ranks: ChainRanks) {
        lines = Array(repeating: [], count: 2 * (ranks.ranks.max() ?? 0) + 1)
        ways = Array(repeating: [], count: graph.edges.count)
        for (node, rank) in ranks.ranks.enumerated() { append(.node(node), to: 2 * rank) }
        for (index, edge) in graph.edges.enumerated() where !ranks.isBack[index] {
            let first = 2 * ranks.ranks[edge.source]
            let last = 2 * ranks.ranks[edge.target]
            var way = [edge.source]
            for line in first + 1..<last {
                let hasLabel = line == first + 1 && !edge.words.isEmpty
                way.append(append(.pass(edge: index, hasLabel: hasLabel), to: line))
            }
            way.append(edge.target)
            for (upper, lower) in zip(way, way.dropFirst()) {
                items[upper].below.append(lower)
                items[lower].above.append(upper)
            }
            ways[index] = way
        }
        for sweep in 0..<Self.sweeps {
            if sweep.isMultiple(of: 2) {
                for line in lines.indices.dropFirst() { sort(line, by: \.above) }
            } else {
                for line in lines.indices.dropLast().reversed() { sort(line, by: \.below) }
            }
        }
    }

    @discardableResult
    private mutating func append(_ kind: Item.Kind, to line: Int) -> Int {
        items.append(Item(kind: kind))
        lines[line].append(items.count - 1)
        return items.count - 1
    }

    /// Sorts a line by the mean place of what its items are tied to; what is tied to nothing keeps its place.
    private mutating func sort(_ line: Int, by ties: KeyPath<Item, [Int]>) {
        var places: [Int: Int] = [:]
        for neighbour in [line - 1, line + 1] where lines.indices.contains(neighbour) {
            for (place, item) in lines[neighbour].enumerated() { places[item] = place }
        }
        let keys = lines[line].enumerated().map { place, item in
            let tied = items[item][keyPath: ties].compactMap { places[$0] }
            let mean = tied.isEmpty ? Double(place) : Double(tied.reduce(0, +)) / Double(tied.count)
            return (mean: mean, place: place, item: item)
        }
        lines[line] = keys.sorted { ($0.mean, $0.place) < ($1.mean, $1.place) }.map(\.item)
    }
}
