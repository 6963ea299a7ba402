/// Where everything of a drawing of a chain is, in pixels from the upper left corner.
///
/// It is worked out from the graph alone: the same graph is the same drawing.
struct ChainLayout {
    /// A rectangle.
    struct Box: Hashable {
        var x: Double
        var y: Double
        var width: Double
        var height: Double

        var middle: Double { x + width / 2 }
        var right: Double { x + width }
        var bottom: Double { y + height }
    }

    /// A way: through points, with a label somewhere on it.
    struct Way: Hashable {
        /// At least two.
        ///
        /// Of a way that leads on, curves lead from one point to the next; of one that leads back, lines.
        var points: [Point]
        var isBack: Bool
        var label: Box?
    }

    struct Point: Hashable {
        var x: Double
        var y: Double
    }

    /// A box a node, in the order of the graph.
    private(set) var boxes: [Box]
    /// A way an edge, in the order of the graph.
    private(set) var ways: [Way] = []
    private(set) var width = 0.0
    private(set) var height = 0.0

    private static let margin = 20.0
    /// Room between neighbours on a line.
    private static let space = 26.0
    /// Room between two lines, in which ways bend.
    private static let gap = 22.0
    /// Room above for the title.
    private static let heading = 40.0
    private static let labelHeight = 20.0
    private static let passes = 16

    private let graph: ChainGraph
    private let ranks: ChainRanks
    private let layers: ChainLayers
    /// The left edge and the width of each item.
    private var lefts: [Double]
    private let widths: [Double]
    private var tops: [Double] = []
    private var heights: [Double] = []

    init(_ graph: ChainGraph) {
        self.graph = graph
        ranks = ChainRanks(graph)
        layers = ChainLayers(graph, ranks)
        widths = layers.items.map { item in
            switch item.kind {
            case .node(let node): ChainText.size(of: graph.nodes[node]).width
            case .pass(let edge, true): ChainText.labelWidth(graph.edges[edge].words)
            case .pass(_, false): 8
            }
        }
        lefts = Array(repeating: 0, count: widths.count)
        boxes = []
        guard !graph.nodes.isEmpty else { return }
        placeLines()
        placeItems()
        boxes = graph.nodes.indices.map { box(of: $0) }
        let inner = zip(lefts, widths).map { $0 + $1 }.max() ?? 0
        width = max(inner + Self.margin, ChainText.titleWidth(graph.title) + 2 * Self.margin)
        height = (tops.last ?? 0) + (heights.last ?? 0) + Self.margin
        placeWays(rightOf: inner)
    }

    // MARK: Lines and their items

    /// Heights and tops of the lines; an odd line without a label takes no room.
    private mutating func placeLines() {
        var top = Self.margin + Self.heading
        for line in layers.lines {
            let height =
                line.map { item in
                    switch layers.items[item].kind {
                    case .node(let node): ChainText.size(of: graph.nodes[node]).height
                    case .pass(_, let hasLabel): hasLabel ? Self.labelHeight : 0
                    }
                }.max() ?? 0
            tops.append(top)
            heights.append(height)
            top += height + Self.gap
        }
    }

    /// Draws items below and above what they are tied to, as far as their neighbours leave room.
    private mutating func placeItems() {
        for line in layers.lines { spread(line, around: line.map { _ in 0 }) }
        for pass in 0..<Self.passes {
            let isDown = pass.isMultiple(of: 2)
            for line in isDown ? layers.lines : layers.lines.reversed() {
                let middles = line.map { item in
                    goal(of: item, isDown ? layers.items[item].above : layers.items[item].below)
                }
                spread(line, around: middles)
            }
        }
        let shift = Self.margin - (lefts.min() ?? 0)
        for item in lefts.indices { lefts[item] = (lefts[item] + shift).rounded() }
    }

    /// Places a line's items around wanted middles without overlap: the mean of packing from the left and from the right.
    private mutating func spread(_ line: [Int], around middles: [Double]) {
        let goals = zip(line, middles).map { $1 - widths[$0] / 2 }
        var fromLeft = goals
        for index in line.indices.dropFirst() {
            fromLeft[index] = max(goals[index], fromLeft[index - 1] + widths[line[index - 1]] + Self.space)
        }
        var fromRight = goals
        for index in line.indices.dropLast().reversed() {
            fromRight[index] = min(goals[index], fromRight[index + 1] - widths[line[index]] - Self.space)
        }
        for (index, item) in line.enumerated() { lefts[item] = (fromLeft[index] + fromRight[index]) / 2 }
    }

    /// The middle of what an item is tied to; its own where that is nothing.
    private func goal(of item: Int, _ ties: [Int]) -> Double {
        let tied = ties.isEmpty ? [item] : ties
        return tied.reduce(0) { $0 + lefts[$1] + widths[$1] / 2 } / Double(tied.count)
    }

    private func line(of node: Int) -> Int { 2 * ranks.ranks[node] }

    private func box(of node: Int) -> Box {
        let line = line(of: node)
        let size = ChainText.size(of: graph.nodes[node])
        let y = (tops[line] + (heights[line] - size.height) / 2).rounded()
        return Box(x: lefts[node], y: y, width: size.width, height: size.height)
    }

    // MARK: Ways

    private mutating func placeWays(rightOf inner: Double) {
        var lane = inner + Self.space
        var backs = 0
        for index in graph.edges.indices {
            if ranks.isBack[index] {
                let labelWidth = graph.edges[index].words.isEmpty ? 8 : ChainText.labelWidth(graph.edges[index].words)
                ways.append(wayBack(index, at: lane + labelWidth / 2, backs))
                lane += labelWidth + Self.space / 2
                backs += 1
            } else {
                ways.append(wayOn(index))
            }
        }
        if backs > 0 { width = max(width, lane + Self.margin) }
    }

    /// From the bottom of a box through all lines between to the top of another.
    private func wayOn(_ index: Int) -> Way {
        let edge = graph.edges[index]
        let (source, target) = (boxes[edge.source], boxes[edge.target])
        var way = Way(points: [Point(x: source.middle, y: source.bottom)], isBack: false)
        var line = self.line(of: edge.source) + 1
        for item in layers.ways[index].dropFirst().dropLast() {
            let middle = lefts[item] + widths[item] / 2
            way.points.append(Point(x: middle, y: tops[line]))
            if heights[line] > 0 { way.points.append(Point(x: middle, y: tops[line] + heights[line])) }
            if case .pass(_, true) = layers.items[item].kind {
                way.label = Box(x: lefts[item], y: tops[line], width: widths[item], height: Self.labelHeight)
            }
            line += 1
        }
        way.points.append(Point(x: target.middle, y: target.y))
        return way
    }

    /// Down, to the right of everything, up, and down to the top of the target: between the lines, where no box is.
    private func wayBack(_ index: Int, at lane: Double, _ number: Int) -> Way {
        let edge = graph.edges[index]
        let (source, target) = (boxes[edge.source], boxes[edge.target])
        let (lower, upper) = (self.line(of: edge.source), self.line(of: edge.target))
        let step = Double(number % 4) * 4
        let below = tops[lower] + heights[lower] + 5 + step
        let above = tops[upper] - 9 - step
        let leaves = source.middle + source.width / 4
        let enters = target.middle + target.width / 4
        var way = Way(
            points: [
                Point(x: leaves, y: source.bottom), Point(x: leaves, y: below), Point(x: lane, y: below),
                Point(x: lane, y: above), Point(x: enters, y: above), Point(x: enters, y: target.y),
            ],
            isBack: true
        )
        if !edge.words.isEmpty {
            let labelWidth = ChainText.labelWidth(edge.words)
            let middle = (below + above) / 2
            way.label = Box(
                x: lane - labelWidth / 2,
                y: (middle - Self.labelHeight / 2).rounded(),
                width: labelWidth,
                height: Self.labelHeight
            )
        }
        return way
    }
}
