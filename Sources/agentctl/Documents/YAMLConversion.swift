import JSON
import YAML

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
    /// Whether the document is too large or too deep to be read any further.
    private(set) var isIncomplete = false

    init(budget: YAMLBudget) {
        self.budget = budget
    }

    /// The value of a document's root.
    mutating func value(of node: YAMLNode) -> JSONValue {
        value(of: node, path: "", depth: 0)
    }

    private mutating func value(of node: YAMLNode, path: String, depth: Int) -> JSONValue {
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
        switch node.content {
        case .scalar(let text, let style): return value(of: text, isPlain: style == .plain, node, path)
        case .sequence(let items, _):
            checkTag(node, path, allowed: "tag:yaml.org,2002:seq")
            var values: [JSONValue] = []
            for (index, item) in items.enumerated() {
                values.append(value(of: item, path: "\(path)[\(index)]", depth: depth + 1))
            }
            return .array(values)
        case .mapping(let entries, _):
            checkTag(node, path, allowed: "tag:yaml.org,2002:map")
            return .object(object(entries, path, depth))
        }
    }

    private mutating func object(_ entries: [YAMLNode.Entry], _ path: String, _ depth: Int) -> JSONObject {
        var object: JSONObject = [:]
        for entry in entries {
            guard let key = entry.key.scalar else {
                refuse(entry.key, path, "has a key that is a list or a mapping", expected: "text")
                continue
            }
            let memberPath = path.isEmpty ? key : "\(path).\(key)"
            if key == "<<", entry.key.isPlain {
                let expected = "the fields themselves"
                refuse(entry.key, memberPath, "is a merge key, which is not supported", expected: expected)
                continue
            }
            object[key] = value(of: entry.value, path: memberPath, depth: depth + 1)
        }
        return object
    }

    private mutating func value(of text: String, isPlain: Bool, _ node: YAMLNode, _ path: String) -> JSONValue {
        switch YAMLScalar.resolve(text, tag: node.tag, isPlain: isPlain) {
        case .value(let value): return value
        case .refused(let problem, let expected):
            refuse(node, path, problem, expected: expected)
            return .null
        }
    }

    private mutating func checkTag(_ node: YAMLNode, _ path: String, allowed: String) {
        guard !["", "!", allowed].contains(node.tag) else { return }
        refuse(node, path, "has the tag \(YAMLScalar.short(node.tag))", expected: "no tag")
    }

    private mutating func refuse(_ node: YAMLNode, _ path: String, _ problem: String, expected: String? = nil) {
        // A few dozen say it all; a hostile file could bring millions.
        guard mistakes.count < 100 else { return }
        mistakes.append(
            Mistake(position: SourcePosition(node.mark), path: path, problem: problem, expected: expected)
        )
    }
}

extension SourcePosition {
    init(_ mark: YAMLMark?) {
        self = mark.map { SourcePosition(line: $0.line, column: $0.column) } ?? .start
    }
}
