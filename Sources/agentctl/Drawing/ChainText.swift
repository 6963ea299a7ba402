/// The text of a drawing of a chain, and how much room it takes.
///
/// The reader's font is not known: widths are those of a wide one.
enum ChainText {
    private static let mostColumns = 44

    /// The name of a node and what it runs.
    static func lines(of node: ChainGraph.Node) -> [String] {
        let bound = node.bound.map { "⟲ at most \($0) times" }
        let words = [node.words, bound ?? ""].filter { !$0.isEmpty }.joined(separator: " · ")
        return [shown(node.name), shown(words)].filter { !$0.isEmpty }
    }

    /// The text on one line, cut to what a box may hold.
    static func shown(_ text: String) -> String { Printable.line(text, width: mostColumns) }

    /// The size of a node's box.
    static func size(of node: ChainGraph.Node) -> (width: Double, height: Double) {
        if node.kind == "end" { return (24, 24) }
        let lines = lines(of: node)
        let columns = lines.map { Double(DisplayWidth.of($0)) }
        let width = max((columns.first ?? 0) * 8, (columns.dropFirst().max() ?? 0) * 7.2) + 28
        return (max(96, (width / 2).rounded() * 2), lines.count > 1 ? 46 : 34)
    }

    /// The width of an edge's label.
    static func labelWidth(_ words: String) -> Double {
        ((Double(DisplayWidth.of(shown(words))) * 7.2 + 18) / 2).rounded() * 2
    }

    /// The width of the title.
    static func titleWidth(_ title: String) -> Double { Double(DisplayWidth.of(Printable.line(title, width: 120))) * 8 }
}
