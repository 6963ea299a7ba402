import FoundationXML
import JSON
import Testing

import struct Foundation.Data
import class Foundation.NSObject

@testable import agentctl

struct ChainPictureTests {
    private static func graph(_ nodes: [JSONValue], _ edges: [JSONValue], name: String = "test") -> ChainGraph {
        ChainGraph(["name": .string(name), "strategy": "graph", "nodes": .array(nodes), "edges": .array(edges)])
    }

    private static func node(_ name: String, kind: String = "agent", words: String = "agent") -> JSONValue {
        ["name": .string(name), "kind": .string(kind), "words": .string(words)]
    }

    private static func edge(_ from: String, _ to: String?, words: String? = nil, loop: Int64? = nil) -> JSONValue {
        var edge: JSONObject = ["from": .string(from)]
        edge["to"] = to.map { .string($0) }
        edge["words"] = words.map { .string($0) }
        edge["loop"] = loop.map { .integer($0) }
        return .object(edge)
    }

    /// The graph of the article: two ways in one, a loop, conditions, and the end.
    private static let article = graph(
        ["outline", "web", "archive", "write", "review"].map { node($0) } + [node("sign", kind: "approval", words: "")],
        [
            edge("outline", "web"), edge("outline", "archive"), edge("web", "write"),
            edge("archive", "write", words: "whatever happens"), edge("write", "review"),
            edge("review", "write", words: "otherwise, at most 3 times", loop: 3),
            edge("review", "sign", words: "when output.score ≥ 0.8"), edge("sign", nil, words: "otherwise"),
        ]
    )

    /// Graphs of many shapes from a simple generator: forward edges, jumps over many lines, loops and circles.
    private static let graphs: [ChainGraph] = (1...40).map { (seed: UInt64) in
        var state = seed &* 0x9E37_79B9_7F4A_7C15
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(bound))
        }
        let count = 1 + next(30)
        let nodes = (0..<count).map { node("n\($0)", words: String(repeating: "word ", count: next(12))) }
        var edges: [JSONValue] = []
        for _ in 0..<next(3 * count) {
            let (from, to) = (next(count), next(count))
            let words = next(3) == 0 ? "when output.x is \(next(1000))" : nil
            edges.append(edge("n\(from)", next(12) == 0 ? nil : "n\(to)", words: words, loop: next(9) == 0 ? 3 : nil))
        }
        return graph(nodes, edges)
    }

    @Test func boxesAndLabelsDoNotOverlapAndWaysLeadFromBoxToBox() {
        for graph in [Self.article] + Self.graphs {
            let layout = ChainLayout(graph)
            let boxes = layout.boxes + layout.ways.compactMap(\.label)
            for (index, box) in boxes.enumerated() {
                #expect(box.x >= 0 && box.y >= 0 && box.right <= layout.width && box.bottom <= layout.height)
                for other in boxes[(index + 1)...] {
                    let apart =
                        box.right <= other.x || other.right <= box.x || box.bottom <= other.y || other.bottom <= box.y
                    #expect(apart, "\(box) \(other) of \(graph)")
                }
            }
            for (way, edge) in zip(layout.ways, graph.edges) {
                let (source, target) = (layout.boxes[edge.source], layout.boxes[edge.target])
                #expect(way.points.first?.y == source.bottom && way.points.last?.y == target.y)
                #expect((way.label != nil) == !edge.words.isEmpty)
                if !way.isBack { #expect(zip(way.points, way.points.dropFirst()).allSatisfy { $0.y <= $1.y }) }
                // Between its ends a way crosses no box.
                for point in way.points.dropFirst().dropLast() {
                    let crossed = layout.boxes.first {
                        $0.x < point.x && point.x < $0.right && $0.y < point.y && point.y < $0.bottom
                    }
                    #expect(crossed == nil, "\(graph)")
                }
            }
        }
    }

    @Test func whatLeadsToANodeStandsAboveIt() {
        let layout = ChainLayout(Self.article)
        for (way, edge) in zip(layout.ways, Self.article.edges) where !way.isBack {
            #expect(layout.boxes[edge.source].bottom < layout.boxes[edge.target].y)
        }
        #expect(layout.ways.filter(\.isBack).count == 1)
    }

    @Test func aPictureIsWellFormedAndAlwaysTheSame() throws {
        for graph in [Self.article] + Self.graphs {
            let svg = ChainPicture(graph).svg
            #expect(svg == ChainPicture(graph).svg)
            let reader = XMLTexts(svg)
            #expect(reader.isWellFormed, "\(svg)")
            #expect(reader.elements["rect", default: 0] >= graph.nodes.count { $0.kind != "end" })
        }
    }

    @Test(arguments: [
        #"</text><script>alert("1")</script>"#, "a & b < c > d \"e\" 'f'", "]]>", "&amp;", "\u{0}\u{1}\u{1B}[31m",
        "\u{FFFE}\u{FFFF}", "\u{202E}abc", "日本語 🎉", #"" onload="x"#, "<!--", "line\nbreak",
    ])
    func hostileNamesAreTextAndNothingElse(_ name: String) {
        let hostile = Self.graph(
            [Self.node(name, kind: name, words: name), Self.node("b")],
            [Self.edge(name, "b", words: name)],
            name: name
        )
        let reader = XMLTexts(ChainPicture(hostile).svg)
        #expect(reader.isWellFormed)
        #expect(Set(reader.elements.keys) == ["svg", "title", "style", "text", "path", "g", "rect"])
        #expect(
            reader.attributes.isSubset(of: [
                "xmlns", "viewBox", "width", "height", "role", "class", "x", "y", "d", "rx", "fill", "stroke",
            ])
        )
        // What XML cannot hold is replaced.
        let shown = String(
            ChainText.shown(name).unicodeScalars.map {
                ["\u{FFFE}", "\u{FFFF}"].contains($0) ? "\u{FFFD}" : Character($0)
            }
        )
        #expect(reader.texts.filter { $0 == shown || $0 == shown + "\n" }.count >= 2, "\(reader.texts)")
    }
}

/// Reads XML as a browser would: its elements, attributes and texts.
private final class XMLTexts: NSObject, XMLParserDelegate {
    private(set) var isWellFormed = false
    private(set) var elements: [String: Int] = [:]
    private(set) var attributes: Set<String> = []
    private(set) var texts: [String] = []

    init(_ text: String) {
        super.init()
        let parser = XMLParser(data: Data(text.utf8))
        parser.delegate = self
        isWellFormed = parser.parse()
    }

    func parser(
        _ parser: XMLParser,
        didStartElement name: String,
        namespaceURI: String?,
        qualifiedName: String?,
        attributes: [String: String] = [:]
    ) {
        elements[name, default: 0] += 1
        self.attributes.formUnion(attributes.keys)
        texts.append("")
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) {
        texts[texts.count - 1] += string
    }
}
