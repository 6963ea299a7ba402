/// A drawing of a chain as SVG.
///
/// Text stands in filled boxes, or in a colour that can be read on a light and a dark page.
struct ChainPicture {
    private let graph: ChainGraph
    private let layout: ChainLayout

    init(_ graph: ChainGraph) {
        self.graph = graph
        layout = ChainLayout(graph)
    }

    /// The whole file.
    var svg: String {
        let (width, height) = (Self.number(layout.width), Self.number(layout.height))
        var lines = [
            #"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \#(width) \#(height)" width="\#(width)" height="\#(height)" role="img">"#,
            "<title>\(Self.escaped(graph.title))</title>", "<style>\(Self.style)</style>",
            #"<text class="note title" x="20" y="30">\#(Self.escaped(Printable.line(graph.title, width: 120)))</text>"#,
        ]
        lines += layout.ways.map { Self.path($0) }
        for (way, edge) in zip(layout.ways, graph.edges) {
            if let label = way.label { lines.append(Self.label(edge.words, in: label)) }
        }
        lines += zip(graph.nodes, layout.boxes).map { Self.shape($0, in: $1) }
        return lines.joined(separator: "\n") + "\n</svg>\n"
    }

    private static let style = """

        text { font-family: system-ui, 'DejaVu Sans', sans-serif; font-size: 13px; text-anchor: middle; }
        .title { font-weight: 600; text-anchor: start; }
        .name { font-weight: 600; }
        .words, .label text { font-size: 12px; }
        .box text, .label text { fill: #10202f; }
        .note { fill: #5f6b78; }
        .label rect { fill: #e3e7eb; stroke: none; }
        .way { fill: none; stroke: #6b7a8a; stroke-width: 1.5; }
        .back { stroke-dasharray: 5 4; }
        .head { fill: #6b7a8a; }
        @media (prefers-color-scheme: dark) { .note { fill: #a3afbb; } }

        """

    // MARK: Shapes

    private static func shape(_ node: ChainGraph.Node, in box: ChainLayout.Box) -> String {
        if node.kind == "end" {
            let (x, y) = (number(box.middle), number(box.y + box.height / 2))
            return """
                <g class="end"><title>end</title><circle cx="\(x)" cy="\(y)" r="11" fill="#e3e7eb" stroke="#66727e"/>\
                <circle cx="\(x)" cy="\(y)" r="6" fill="#66727e"/></g>
                """
        }
        let (fill, stroke) = colours(of: node.kind)
        let corner = node.kind == "vote" || node.kind == "collect" ? box.height / 2 : node.kind == "approval" ? 0 : 7
        let lines = ChainText.lines(of: node)
        let first = box.y + box.height / 2 - Double(lines.count - 1) * 8.5 + 4.5
        let texts = lines.enumerated().map { index, text in
            let y = number(first + Double(index) * 17)
            let kind = index == 0 ? "name" : "words"
            return #"<text class="\#(kind)" x="\#(number(box.middle))" y="\#(y)">\#(escaped(text))</text>"#
        }
        let full = [node.name, node.words].filter { !$0.isEmpty }.joined(separator: "\n")
        return """
            <g class="box \(Self.kinds.contains(node.kind) ? node.kind : "other")"><title>\(escaped(full))</title>\
            \(rectangle(box, corner, #" fill="\#(fill)" stroke="\#(stroke)""#))\(texts.joined())</g>
            """
    }

    private static func label(_ words: String, in box: ChainLayout.Box) -> String {
        """
        <g class="label"><title>\(escaped(words))</title>\(rectangle(box, box.height / 2, ""))\
        <text x="\(number(box.middle))" y="\(number(box.y + box.height / 2 + 4))">\(escaped(ChainText.shown(words)))</text></g>
        """
    }

    private static func rectangle(_ box: ChainLayout.Box, _ corner: Double, _ attributes: String) -> String {
        """
        <rect x="\(number(box.x))" y="\(number(box.y))" width="\(number(box.width))" height="\(number(box.height))" \
        rx="\(number(corner))"\(attributes)/>
        """
    }

    /// A way with the head of an arrow at its end, which comes from above.
    private static func path(_ way: ChainLayout.Way) -> String {
        guard var last = way.points.first, let end = way.points.last else { return "" }
        var path = "M\(point(last))"
        for (index, next) in way.points.enumerated().dropFirst() {
            // The line ends where the head begins.
            var target = next
            if index == way.points.count - 1 { target.y -= 8 }
            if way.isBack || last.x == next.x {
                path += " L\(point(target))"
            } else {
                let middle = (last.y + target.y) / 2
                path += " C\(number(last.x)),\(number(middle)) \(number(target.x)),\(number(middle)) \(point(target))"
            }
            last = next
        }
        let head =
            "M\(point(end)) L\(number(end.x - 4)),\(number(end.y - 9)) L\(number(end.x + 4)),\(number(end.y - 9)) Z"
        return #"<path class="way\#(way.isBack ? " back" : "")" d="\#(path)"/><path class="head" d="\#(head)"/>"#
    }

    // MARK: Text

    private static let kinds: Set = [
        "agent", "chain", "tool", "function", "approval", "map", "plan", "vote", "collect", "set",
    ]

    private static func colours(of kind: String) -> (fill: String, stroke: String) {
        switch kind {
        case "agent": ("#dbe8fb", "#3a6fc4")
        case "tool", "function": ("#d9f0dd", "#2f8f46")
        case "chain", "map", "plan": ("#ece3f7", "#8257b8")
        case "approval": ("#fdf0d5", "#c8871b")
        default: ("#e3e7eb", "#66727e")
        }
    }

    private static func point(_ point: ChainLayout.Point) -> String { "\(number(point.x)),\(number(point.y))" }

    /// A number with at most one digit after the point.
    private static func number(_ value: Double) -> String {
        let text = FieldFormat.fixed(value, digits: 1)
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    /// Text for XML: what it may not hold at all, such as most control characters, is replaced.
    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in Printable.text(text).unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            case "\u{FFFE}", "\u{FFFF}": result += "\u{FFFD}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
