import JSON
import Yams

/// Makes a JSON value of a YAML node, and collects what JSON or the documents have no place for.
struct YAMLConversion {
    /// Something that cannot be converted.
    struct Mistake {
        let position: SourcePosition
        let path: String
        let problem: String
        let expected: String?
    }

    /// What was found wrong so far.
    private(set) var mistakes: [Mistake] = []

    private let budget: YAMLBudget
    /// Whether the document is too large or too deep to be looked at any further.
    private(set) var isIncomplete = false

    init(budget: YAMLBudget) {
        self.budget = budget
    }

    /// The value of a document's root.
    mutating func value(of node: Node) -> JSONValue {
        value(of: node, path: "", depth: 0)
    }

    private mutating func value(of node: Node, path: String, depth: Int) -> JSONValue {
        guard !isIncomplete else { return .null }
        guard depth <= YAMLBudget.maximumDepth else {
            isIncomplete = true
            refuse(node, path, "nests deeper than \(YAMLBudget.maximumDepth) levels")
            return .null
        }
        guard budget.spend() else {
            isIncomplete = true
            refuse(node, path, "makes the file expand to more than \(YAMLBudget.maximumValues) values")
            return .null
        }
        switch node {
        case .scalar(let scalar): return value(of: scalar, node, path)
        case .sequence(let items):
            checkTag(node, path, allowed: Tag.Name.seq)
            var values: [JSONValue] = []
            for (index, item) in items.enumerated() {
                values.append(value(of: item, path: "\(path)[\(index)]", depth: depth + 1))
            }
            return .array(values)
        case .mapping(let members):
            checkTag(node, path, allowed: Tag.Name.map)
            return .object(object(members, path, depth))
        case .alias:
            refuse(node, path, "is an alias that was not followed")
            return .null
        }
    }

    private mutating func object(_ members: Node.Mapping, _ path: String, _ depth: Int) -> JSONObject {
        var object: JSONObject = [:]
        for (keyNode, valueNode) in members {
            guard let key = keyNode.scalar?.string else {
                refuse(keyNode, path, "has a key that is a list or a mapping", expected: "text")
                continue
            }
            let memberPath = path.isEmpty ? key : "\(path).\(key)"
            if key == "<<", keyNode.scalar?.style == .plain {
                refuse(keyNode, memberPath, "is a merge key, which is not supported", expected: "the fields themselves")
                continue
            }
            object[key] = value(of: valueNode, path: memberPath, depth: depth + 1)
        }
        return object
    }

    private mutating func value(of scalar: Node.Scalar, _ node: Node, _ path: String) -> JSONValue {
        switch YAMLScalar.resolve(scalar.string, tag: scalar.tag.rawValue, isPlain: scalar.style == .plain) {
        case .value(let value): return value
        case .refused(let problem, let expected):
            refuse(node, path, problem, expected: expected)
            return .null
        }
    }

    private mutating func checkTag(_ node: Node, _ path: String, allowed: Tag.Name) {
        let tag = node.tag.rawValue
        guard !["", "!", allowed.rawValue].contains(tag) else { return }
        refuse(node, path, "has the tag \(YAMLScalar.short(tag))", expected: "no tag")
    }

    private mutating func refuse(_ node: Node, _ path: String, _ problem: String, expected: String? = nil) {
        // A few dozen say it all; a hostile file could bring millions.
        guard mistakes.count < 100 else { return }
        mistakes.append(
            Mistake(position: SourcePosition(node.mark), path: path, problem: problem, expected: expected)
        )
    }
}

extension SourcePosition {
    init(_ mark: Mark?) {
        self = mark.map { SourcePosition(line: $0.line, column: $0.column) } ?? .start
    }
}
