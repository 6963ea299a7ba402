internal import Definitions
internal import JSON

/// A piece of a tool call, as a stream brings it.
struct ToolCallFragment {
    /// The call's place among the calls of the answer, as the server counts them; some leave it out, some always say 0.
    var index: Int64?
    /// The call's id; empty if the fragment has none.
    var id = ""
    /// The tool's name; empty if the fragment has none.
    var name = ""
    /// The next piece of the arguments.
    var arguments = ""

    /// Members that are not the protocol's, which the server may want back.
    var others: JSONObject = [:]

    /// Whether the fragment brings nothing of the arguments.
    var isWithoutArguments: Bool { arguments.utf8.allSatisfy(\.isJSONWhitespace) }
}

extension ToolCallFragment {
    /// Reads an object of a delta's `tool_calls`.
    ///
    /// - Throws: ``ServerAnswerError/malformed(_:)`` if a member is of the wrong type.
    init(_ json: JSONValue) throws(ServerAnswerError) {
        index = json["index"]?.integerValue
        id = try Self.text(json["id"], "id")
        try read(function: json["function"] ?? .null)
        others = JSONObject(
            (json.objectValue ?? [:]).filter { !Self.ownMembers.contains($0.key) && !$0.value.isNull }
                .map { ($0.key, $0.value) }
        )
    }

    private static let ownMembers: Set<String> = ["index", "id", "type", "function"]

    /// Reads the `function_call` of the protocol before there were tools: an answer has one at most.
    init(functionCall json: JSONValue) throws(ServerAnswerError) {
        index = 0
        try read(function: json)
    }

    private mutating func read(function: JSONValue) throws(ServerAnswerError) {
        guard function.isNull || function.objectValue != nil else { throw .malformedCall("function is no object") }
        name = try Self.text(function["name"], "name")
        switch function["arguments"] {
        case nil, .null?: break
        case .string(let piece)?: arguments = piece.withoutNullCharacters
        case .object(let object)?: arguments = JSONValue.object(object).text
        case .array(let items)?: arguments = JSONValue.array(items).text
        default: throw .malformedCall("arguments is no text")
        }
    }

    private static func text(_ value: JSONValue?, _ name: String) throws(ServerAnswerError) -> String {
        switch value {
        case nil, .null?: return ""
        case .string(let text)?: return SurrogateJoiner.joined(text).withoutNullCharacters
        default: throw .malformedCall("\(name) is no text")
        }
    }
}
