import JSON
import Patterns
import YAML

/// Writes documents as YAML that ``YAMLFile`` reads back as they were.
enum YAMLText {
    /// The YAML text of a value.
    static func text(of value: JSONValue) -> String {
        let text = (try? YAMLWriter.text(of: node(value), width: 100)) ?? value.prettyText
        return text.hasSuffix("\n") ? String(text.dropLast()) : text
    }

    private static func node(_ value: JSONValue) -> YAMLNode {
        switch value {
        case .null: scalar("null")
        case .bool(let value): scalar(value ? "true" : "false")
        case .integer, .number: scalar(value.text)
        case .string(let text): string(text)
        case .array(let items):
            YAMLNode(.sequence(items.map(node), isFlow: items.allSatisfy(isScalar)))
        case .object(let members):
            YAMLNode(
                .mapping(
                    members.map { YAMLNode.Entry(key: string($0.key), value: node($0.value)) },
                    isFlow: members.isEmpty
                )
            )
        }
    }

    private static func scalar(_ text: String, _ style: YAMLNode.ScalarStyle = .any) -> YAMLNode {
        YAMLNode(.scalar(text, style: style))
    }

    /// Quoted whenever some reader could take it for something else than text.
    private static func string(_ text: String) -> YAMLNode {
        if text.contains("\n") { return scalar(text, .literal) }
        let isPlain: Bool =
            if case .value(.string) = YAMLScalar.resolve(text, tag: "", isPlain: true) { true } else { false }
        return scalar(text, isPlain && !isAmbiguous(text) ? .any : .singleQuoted)
    }

    /// What readers of YAML 1.1 take for a boolean, a number, a time or a sign.
    private static let ambiguous = try? Pattern(
        [
            "yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF|<<|=",
            #"[-+]?(0b[01_]+|0o?[0-7_]+|0x[0-9a-fA-F_]+|[1-9][0-9_]*(:[0-5]?[0-9])+)"#,
            #"[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+\.[0-9_]*"#,
            #"[-+]?[0-9][0-9_]*(\.[0-9_]*)?([eE][-+]?[0-9]+)?|\.[0-9_]+([eE][-+][0-9]+)?"#,
            #"[0-9]{4}-[0-9]{2}-[0-9]{2}"#,
            #"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(\.[0-9]*)?"#
                + #"([ \t]*(Z|[-+][0-9]{1,2}(:[0-9]{2})?))?"#,
        ].map { "\\A(?:\($0))\\z" }.joined(separator: "|")
    )

    private static func isAmbiguous(_ text: String) -> Bool {
        guard let ambiguous else { return true }
        return (try? ambiguous.firstMatch(in: text) != nil) ?? true
    }

    private static func isScalar(_ value: JSONValue) -> Bool {
        switch value {
        case .array, .object: false
        default: true
        }
    }
}
