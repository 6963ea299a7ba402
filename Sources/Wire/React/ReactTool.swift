internal import Conversation
internal import JSON

/// A tool as its description in words.
struct ReactTool: Sendable {
    /// One of its arguments.
    struct Argument: Sendable {
        let name: String
        let isRequired: Bool
        let schema: JSONValue
    }

    let name: String
    let description: String
    let arguments: [Argument]

    /// Most bytes of an argument's description.
    private static let longestDescription = 200
    /// How deep an example goes.
    private static let deepestExample = 3

    /// A tool with a schema of its arguments.
    init(name: String, description: String, schema: JSONValue?) {
        self.name = name
        self.description = description
        let required = schema?["required"]?.arrayValue?.compactMap(\.stringValue) ?? []
        arguments = (schema?["properties"]?.objectValue ?? [:]).map { member in
            Argument(name: member.key, isRequired: required.contains(member.key), schema: member.value)
        }
    }

    init(_ specification: ToolSpecification) {
        self.init(
            name: specification.name,
            description: specification.description,
            schema: try? specification.inputSchema.value()
        )
    }

    /// The argument that a value without a name is meant for; nil where it may be several.
    var onlyArgument: Argument? {
        let required = arguments.filter(\.isRequired)
        return required.count == 1 ? required[0] : required.isEmpty && arguments.count == 1 ? arguments[0] : nil
    }

    /// Whether it can be called without arguments.
    var needsNone: Bool { !arguments.contains(where: \.isRequired) }

    /// Its lines in the instructions.
    var text: String {
        guard !arguments.isEmpty else { return "- \(name): \(description)\n  Arguments: none. For example: {}" }
        return "- \(name): \(description)\n  Arguments: \(argumentList). For example: \(example)"
    }

    /// The arguments in words.
    var argumentList: String {
        arguments.map { argument in
            let kind = Self.kind(argument.schema) + (argument.isRequired ? ", required" : "")
            guard let text = argument.schema["description"]?.stringValue, !text.isBlank else {
                return "\(argument.name) (\(kind))"
            }
            return "\(argument.name) (\(kind)): \(text.prefix(Self.longestDescription))"
        }
        .joined(separator: "; ")
    }

    /// Arguments that it takes, those that it needs at least.
    var example: String {
        let shown = needsNone ? Array(arguments.prefix(1)) : arguments.filter(\.isRequired)
        return JSONValue.object(JSONObject(shown.map { ($0.name, Self.example($0.schema)) })).text
    }

    private static func kind(_ schema: JSONValue) -> String {
        if let values = schema["enum"]?.arrayValue {
            return "one of " + values.prefix(20).map(\.text).joined(separator: ", ")
        }
        if let type = schema["type"]?.stringValue { return type }
        let types = schema["type"]?.arrayValue?.compactMap(\.stringValue) ?? []
        return types.isEmpty ? "any value" : types.joined(separator: " or ")
    }

    /// A value that fits a schema, as far as its form says so.
    static func example(_ schema: JSONValue, depth: Int = 0) -> JSONValue {
        if let given = schema["examples"]?[0] ?? schema["const"] ?? schema["default"] ?? schema["enum"]?[0] {
            return given
        }
        switch schema["type"]?.stringValue ?? schema["type"]?[0]?.stringValue {
        case "integer", "number": return schema["minimum"] ?? 1
        case "boolean": return true
        case "null": return .null
        case "array":
            guard depth < deepestExample, let items = schema["items"] else { return [] }
            return [example(items, depth: depth + 1)]
        case "object":
            guard depth < deepestExample else { return [:] }
            let members = schema["properties"]?.objectValue ?? [:]
            return .object(JSONObject(members.map { ($0.key, example($0.value, depth: depth + 1)) }))
        default: return "..."
        }
    }
}
