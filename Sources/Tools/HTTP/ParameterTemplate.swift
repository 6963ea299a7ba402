import Conversation
internal import JSON

/// A text with places for arguments: `{name}`; `{{` and `}}` are single braces.
///
/// What is put in is never looked at again, so an argument cannot bring places of its own.
struct ParameterTemplate: Sendable, Hashable {
    private enum Part: Sendable, Hashable {
        case text(String)
        case parameter(String)
    }

    private var parts: [Part] = []

    /// Reads a template.
    ///
    /// - Throws: ``ToolError/Code/configuration`` for a brace that stands alone.
    init(_ source: String) throws(ToolError) {
        var text = ""
        var rest = source[...]
        while let character = rest.popFirst() {
            switch character {
            case "{" where rest.first == "{", "}" where rest.first == "}":
                rest = rest.dropFirst()
                text.append(character)
            case "{":
                guard let end = rest.firstIndex(of: "}"), Self.isName(rest[..<end]) else {
                    throw ToolError(.configuration, "a { that is not the beginning of {name}; write {{ for a brace")
                }
                if !text.isEmpty { parts.append(.text(text)) }
                text = ""
                parts.append(.parameter(String(rest[..<end])))
                rest = rest[rest.index(after: end)...]
            case "}": throw ToolError(.configuration, "a } without a {; write }} for a brace")
            default: text.append(character)
            }
        }
        if !text.isEmpty { parts.append(.text(text)) }
    }

    private static func isName(_ text: Substring) -> Bool {
        !text.isEmpty && text.utf8.count <= 64
            && text.unicodeScalars.allSatisfy {
                $0 == "_" || $0 == "-" || ($0.isASCII && $0.properties.isAlphabetic) || ("0"..."9").contains($0)
            }
    }

    /// The names of the arguments that it has places for.
    package var parameters: [String] {
        parts.compactMap { if case .parameter(let name) = $0 { name } else { nil } }
    }

    /// The name of the argument that it is a place for and nothing else.
    var onlyParameter: String? {
        guard parts.count == 1, case .parameter(let name) = parts[0] else { return nil }
        return name
    }

    /// The text with the arguments in their places.
    ///
    /// - Parameters:
    ///   - arguments: The arguments.
    ///   - encode: What is done with each argument's text, and with nothing else.
    /// - Throws: ``ToolError/Code/invalidArguments`` if an argument is missing.
    package func text(
        with arguments: JSONObject,
        encode: (String) -> String = { $0 }
    ) throws(ToolError) -> String {
        var result = ""
        for part in parts {
            switch part {
            case .text(let text): result += text
            case .parameter(let name):
                guard let value = arguments[name], !value.isNull else {
                    throw ToolError(.invalidArguments, "The argument \"\(name)\" is needed here.")
                }
                result += encode(value.stringValue ?? value.text)
            }
        }
        return result
    }
}
