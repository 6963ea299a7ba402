import YAML

/// The places of a YAML document's values.
struct YAMLPositions: SourcePositions {
    /// The places of a document's nodes, without their text.
    private indirect enum Place {
        case scalar(SourcePosition)
        /// Lines after `|`, and by how much their first is indented besides.
        case literal(SourcePosition, indentation: Int)
        case list(SourcePosition, [Place])
        case mapping(SourcePosition, [(key: String, at: SourcePosition, value: Place)])

        var position: SourcePosition {
            switch self {
            case .scalar(let position), .literal(let position, _), .list(let position, _), .mapping(let position, _):
                position
            }
        }
    }

    private let root: Place
    private let text: String

    /// - Parameters:
    ///   - node: The document.
    ///   - text: The file that it stands in.
    init(_ node: YAMLNode, in text: String) {
        self.text = text
        var left = YAMLBudget.maximumValues
        root = Self.place(of: node, depth: 0, left: &left)
    }

    func position(of steps: [PathStep], isKeyWanted: Bool) -> SourcePosition {
        place(of: steps, isKeyWanted: isKeyWanted).position
    }

    func position(ofLine line: Int, column: Int, in steps: [PathStep]) -> SourcePosition? {
        guard case .literal(let start, let indentation) = place(of: steps, isKeyWanted: false) else { return nil }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropFirst(start.line)
        guard let first = lines.first(where: { $0.contains { $0 != " " && $0 != "\r" } }) else { return nil }
        let width = first.prefix { $0 == " " }.count - indentation
        return SourcePosition(line: start.line + line, column: width + column)
    }

    private func place(of steps: [PathStep], isKeyWanted: Bool) -> Place {
        var place = root
        for (index, step) in steps.enumerated() {
            switch (step, place) {
            case (.member(let key), .mapping(_, let members)):
                guard let member = members.first(where: { $0.key == key }) else { return place }
                if isKeyWanted, index == steps.count - 1 { return .scalar(member.at) }
                place = member.value
            case (.item(let index), .list(_, let items)) where items.indices.contains(index):
                place = items[index]
            default: return place
            }
        }
        return place
    }

    private static func place(of node: YAMLNode, depth: Int, left: inout Int) -> Place {
        let position = SourcePosition(node.mark)
        left -= 1
        guard left > 0, depth <= YAMLBudget.maximumDepth else { return .scalar(position) }
        switch node.content {
        case .sequence(let items, _):
            var places: [Place] = []
            for item in items { places.append(place(of: item, depth: depth + 1, left: &left)) }
            return .list(position, places)
        case .mapping(let entries, _):
            var places: [(key: String, at: SourcePosition, value: Place)] = []
            for entry in entries {
                let value = place(of: entry.value, depth: depth + 1, left: &left)
                places.append((entry.key.scalar ?? "", SourcePosition(entry.key.mark), value))
            }
            return .mapping(position, places)
        case .scalar(let text, .literal):
            let first = text.split(separator: "\n").first { $0.contains { $0 != " " } } ?? ""
            return .literal(position, indentation: first.prefix { $0 == " " }.count)
        case .scalar: return .scalar(position)
        }
    }
}
