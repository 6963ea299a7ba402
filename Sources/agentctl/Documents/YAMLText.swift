import JSON
import Yams

/// Writes documents as YAML that ``YAMLFile`` reads back as they were.
enum YAMLText {
    /// The YAML text of a value.
    static func text(of value: JSONValue) -> String {
        let text = (try? Yams.serialize(node: node(value), width: 100, allowUnicode: true)) ?? value.prettyText
        return text.hasSuffix("\n") ? String(text.dropLast()) : text
    }

    private static func node(_ value: JSONValue) -> Node {
        switch value {
        case .null: Node("null")
        case .bool(let value): Node(value ? "true" : "false")
        case .integer, .number: Node(value.text)
        case .string(let text): string(text)
        case .array(let items):
            Node(items.map(node), .implicit, items.allSatisfy(isScalar) ? .flow : .block)
        case .object(let members):
            Node(members.map { (string($0.key), node($0.value)) }, .implicit, members.isEmpty ? .flow : .block)
        }
    }

    /// Quoted whenever some reader could take it for something else than text.
    private static func string(_ text: String) -> Node {
        if text.contains("\n") { return Node(text, Tag(.str), .literal) }
        let isPlain: Bool =
            if case .value(.string) = YAMLScalar.resolve(text, tag: "", isPlain: true) { true } else { false }
        let isAmbiguous = Resolver.default.resolveTag(of: Node(text)) != .str
        return Node(text, Tag(.str), isPlain && !isAmbiguous ? .any : .singleQuoted)
    }

    private static func isScalar(_ value: JSONValue) -> Bool {
        switch value {
        case .array, .object: false
        default: true
        }
    }
}
