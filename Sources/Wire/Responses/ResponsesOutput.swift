internal import Conversation
internal import Definitions
internal import JSON

/// An item of an answer that is done.
struct ResponsesOutput: Sendable {
    /// Most bytes of a name.
    private static let longestName = 256
    /// Most bytes of an id.
    private static let longestID = 65_536

    /// The text that it says; empty for other items.
    let text: String
    /// The name of the tool that it calls; nil for other items.
    let callName: String?
    /// The id of the call; empty for other items, and where the server gave none.
    let callID: String
    private let arguments: String
    private let members: JSONObject
    /// Bytes of the item as JSON.
    let size: Int

    /// Whether it is a call of a tool.
    var isCall: Bool { callName != nil }

    /// Whether it says anything to the user or to a tool.
    var saysSomething: Bool { isCall || !text.isEmpty }

    /// Whether two reports are of one item.
    ///
    /// - Parameters:
    ///   - other: The other one.
    ///   - atSamePlace: Whether both have the same number.
    func isSame(as other: ResponsesOutput, atSamePlace: Bool) -> Bool {
        let (id, otherID) = (identity, other.identity)
        if !id.isEmpty, !otherID.isEmpty {
            guard id == otherID else { return false }
            if atSamePlace { return true }
        } else if !atSamePlace {
            return false
        }
        return callName == other.callName && arguments == other.arguments && text == other.text
            && members["type"] == other.members["type"]
    }

    private var identity: String { callID.isEmpty ? members["id"]?.stringValue ?? "" : callID }

    /// Reads an item.
    ///
    /// - Throws: ``ServerAnswerError/malformed(_:)`` if a member is of the wrong type.
    init(_ item: JSONValue) throws(ServerAnswerError) {
        guard let members = item.objectValue, let type = members["type"]?.stringValue else {
            throw .malformed("an item of the answer is no object with a type")
        }
        self.members = JSONObject(members.filter { !$0.value.isNull }.map { ($0.key, $0.value) })
        size = JSONValue.object(self.members).text.utf8.count
        text = type == "message" ? try Self.content(members["content"]) : ""
        guard type == "function_call" else {
            (callName, callID, arguments) = (nil, "", "")
            return
        }
        let name = try Self.text(members["name"], "name")
        callID = try Self.text(members["call_id"], "call_id")
        guard !name.isEmpty else { throw .malformedCall("a tool call has no name") }
        guard name.utf8.count <= Self.longestName else {
            throw .malformedCall("a name is longer than \(Self.longestName) bytes")
        }
        guard callID.utf8.count <= Self.longestID else {
            throw .malformedCall("an id is longer than \(Self.longestID) bytes")
        }
        callName = name
        if case .object(let object)? = members["arguments"] {
            arguments = JSONValue.object(object).text
        } else {
            arguments = try Self.text(members["arguments"], "arguments").storableArguments
        }
    }

    private static func content(_ value: JSONValue?) throws(ServerAnswerError) -> String {
        switch value {
        case nil, .null?: return ""
        case .string(let text)?: return text.withoutNullCharacters
        case .array(let parts)?:
            var text = ""
            for part in parts { text += try Self.text(part["text"] ?? part["refusal"], "text") }
            return text
        default: throw .malformed("an item of the answer: content is no array")
        }
    }

    private static func text(_ value: JSONValue?, _ name: String) throws(ServerAnswerError) -> String {
        switch value {
        case nil, .null?: return ""
        case .string(let text)?: return text.withoutNullCharacters
        default: throw .malformed("an item of the answer: \(name) is no text")
        }
    }

    private static let ownMembers: Set<String> = [
        "type", "role", "content", "call_id", "name", "arguments", "status",
    ]

    /// The item of the answer.
    ///
    /// - Parameters:
    ///   - ids: The ids of the calls before it.
    ///   - makeID: Makes an id for a call that has none.
    func item(ids: inout Set<String>, makeID: () -> String) -> ResponsesItem {
        let others = JSONObject(members.filter { !Self.ownMembers.contains($0.key) }.map { ($0.key, $0.value) })
        guard let callName else {
            return members["type"] == "message" ? .text(text, others) : .opaque(.object(members))
        }
        var id = callID.isEmpty ? makeID() : callID
        if !ids.insert(id).inserted {
            id += "_\(ids.count)"
            ids.insert(id)
        }
        var call = ToolCallRequest(id: id, name: callName, arguments: arguments)
        if !others.isEmpty { call.native = NativeCall(call: others) }
        return .call(call)
    }
}

extension TokenUsage {
    /// The `usage` of an answer of the Responses API.
    var responses: JSONValue {
        [
            "input_tokens": .integer(Int64(input)),
            "input_tokens_details": ["cached_tokens": .integer(Int64(cachedInput))],
            "output_tokens": .integer(Int64(output)),
            "output_tokens_details": ["reasoning_tokens": .integer(Int64(reasoning))],
            "total_tokens": .integer(Int64(input + output)),
        ]
    }

    /// Reads the `usage` of an answer of the Responses API; nil if it is absent or makes no sense.
    init?(responses usage: JSONValue?) {
        guard let usage, let input = Self.tokens(usage["input_tokens"]) else { return nil }
        let cached = Self.tokens(usage["input_tokens_details"]?["cached_tokens"]) ?? 0
        let output = Self.tokens(usage["output_tokens"]) ?? 0
        let reasoning = Self.tokens(usage["output_tokens_details"]?["reasoning_tokens"]) ?? 0
        self.init(
            input: input,
            cachedInput: min(cached, input),
            output: output,
            reasoning: min(reasoning, output)
        )
    }
}
