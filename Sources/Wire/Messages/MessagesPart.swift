internal import Conversation
internal import Definitions
internal import JSON

/// A content block of an answer while it comes.
struct MessagesPart: Sendable {
    private enum Kind: Sendable {
        case text
        case call
        case opaque
    }

    /// Most bytes of a name.
    private static let longestName = 256
    /// Most bytes of an id.
    private static let longestID = 65_536
    /// Pieces that continue a text of the same name.
    private static let textMembers = ["thinking_delta": "thinking", "signature_delta": "signature"]

    private let kind: Kind
    private var members: JSONObject
    private var text = ""
    /// The pieces of a call's arguments; empty while there is none.
    private var input = ""
    /// The pieces that continue texts of the same name.
    private var continued: [String: String] = [:]
    /// Bytes of all pieces that came after the beginning.
    private(set) var appendedBytes = 0

    /// Whether it is a call of a tool.
    var isCall: Bool { kind == .call }

    /// Whether it is a text that says nothing.
    var isBlank: Bool { kind == .text && text.isBlank }

    /// Bytes of the block as it began.
    var size: Int { JSONValue.object(members).text.utf8.count }

    /// Whether both are a call with the same id.
    func isSameCall(as other: MessagesPart) -> Bool {
        guard isCall, other.isCall, let id = members["id"]?.stringValue, !id.isEmpty else { return false }
        return other.members["id"]?.stringValue == id
    }

    /// A block as it begins.
    ///
    /// - Throws: ``ServerAnswerError/malformed(_:)`` if a member is of the wrong type.
    init(_ members: JSONObject) throws(ServerAnswerError) {
        switch members["type"] {
        case "text"?: kind = .text
        case "tool_use"?: kind = .call
        case .string?: kind = .opaque
        default: throw .malformed("a content block of the answer has no type")
        }
        self.members = members
        switch kind {
        case .text: text = try Self.text(members["text"], "text")
        case .call: try Self.check(members)
        case .opaque: break
        }
    }

    private static func check(_ members: JSONObject) throws(ServerAnswerError) {
        let name = try text(members["name"], "name")
        guard !name.isEmpty else { throw .malformedCall("a tool call has no name") }
        guard name.utf8.count <= longestName else {
            throw .malformedCall("a name is longer than \(longestName) bytes")
        }
        guard try text(members["id"], "id").utf8.count <= longestID else {
            throw .malformedCall("an id is longer than \(longestID) bytes")
        }
    }

    private static func text(_ value: JSONValue?, _ name: String) throws(ServerAnswerError) -> String {
        switch value {
        case nil, .null?: return ""
        case .string(let text)?: return text.withoutNullCharacters
        default: throw .malformed("a content block of the answer: \(name) is no text")
        }
    }

    /// What is shown of the block as it begins.
    var delta: ModelDelta? {
        switch kind {
        case .text: text.isEmpty ? nil : .text(text)
        case .call: .toolCall(name: name)
        case .opaque: nil
        }
    }

    private var name: String { members["name"]?.stringValue?.withoutNullCharacters ?? "" }

    /// Takes the next piece; one of a kind that is not known is passed over.
    ///
    /// - Returns: What is shown of it.
    /// - Throws: ``ServerAnswerError/malformed(_:)`` if a member is of the wrong type.
    mutating func append(_ delta: JSONObject) throws(ServerAnswerError) -> ModelDelta? {
        guard let type = delta["type"]?.stringValue else {
            throw .malformed("a delta of the answer has no type")
        }
        switch (type, kind) {
        case ("text_delta", .text):
            let piece = try Self.text(delta["text"], "text")
            text += piece
            appendedBytes += piece.utf8.count
            return piece.isEmpty ? nil : .text(piece)
        case ("input_json_delta", .call), ("input_json_delta", .opaque):
            let piece = try Self.text(delta["partial_json"], "partial_json")
            input += piece
            appendedBytes += piece.utf8.count
        case ("text_delta", .call): throw .malformedCall("text within its arguments")
        default:
            guard kind == .opaque, let member = Self.textMembers[type] else { return nil }
            let piece = try Self.text(delta[member], member)
            continued[member, default: ""] += piece
            appendedBytes += piece.utf8.count
        }
        return nil
    }

    /// The block as the server would have sent it whole.
    var json: JSONValue {
        var members = members
        for (member, text) in continued { members[member] = .string((members[member]?.stringValue ?? "") + text) }
        switch kind {
        case .text: members["text"] = .string(text)
        case .call, .opaque:
            if !input.isEmpty { members["input"] = (try? JSONValue(foreign: input)) ?? [:] }
        }
        return .object(members)
    }

    /// The part of the answer.
    ///
    /// - Parameters:
    ///   - ids: The ids of the calls before it.
    ///   - makeID: Makes an id for a call that has none.
    func block(ids: inout Set<String>, makeID: () -> String) throws(ServerAnswerError) -> MessagesBlock {
        switch kind {
        case .text: return .text(text)
        case .opaque: return .opaque(json)
        case .call:
            var id = try Self.text(members["id"], "id")
            if id.isEmpty { id = makeID() }
            if !ids.insert(id).inserted {
                id += "_\(ids.count)"
                ids.insert(id)
            }
            var call = ToolCallRequest(id: id, name: name, arguments: try arguments())
            let others = members.filter { !Self.ownMembers.contains($0.key) && !$0.value.isNull }
            if !others.isEmpty { call.native = NativeCall(call: JSONObject(others.map { ($0.key, $0.value) })) }
            return .call(call)
        }
    }

    private static let ownMembers: Set<String> = ["type", "id", "name", "input", "cache_control"]

    private func arguments() throws(ServerAnswerError) -> String {
        if !input.isEmpty { return input.storableArguments }
        switch members["input"] {
        case nil, .null?: return "{}"
        case .string(let text)?: return text.withoutNullCharacters.storableArguments
        case .object?, .array?: return members["input"]?.text ?? "{}"
        default: throw .malformedCall("input is no object")
        }
    }
}
