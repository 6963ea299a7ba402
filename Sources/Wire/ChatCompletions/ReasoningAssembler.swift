internal import JSON

/// Puts together what a model thought, as its server wants it back with the tool calls that came of it.
///
/// Strings of a stream are continued. So are the texts of list items that have the same place in their list. Nothing else
/// is understood of it.
struct ReasoningAssembler: Sendable {
    /// Members of a message that servers want back: `reasoning_content` (DeepSeek, Kimi, GLM), `reasoning` and
    /// `reasoning_details` (OpenRouter, vLLM), `thinking_blocks` and `provider_specific_fields` (LiteLLM), `extra_content`
    /// (Gemini).
    private static let members = [
        "reasoning_content", "reasoning", "reasoning_details", "thinking_blocks", "provider_specific_fields",
        "extra_content",
    ]

    /// Members of a list's item that come in pieces.
    private static let textMembers: Set<String> = ["text", "summary", "thinking", "data"]

    /// What has come so far.
    private(set) var object: JSONObject = [:]

    /// Whether any of it was not empty.
    private(set) var hasBegun = false

    /// Takes what a delta or a message has of it.
    mutating func consume(_ delta: JSONValue) {
        for member in Self.members {
            guard let piece = delta[member], !piece.isNull else { continue }
            object[member] = Self.continued(object[member], by: piece)
            hasBegun = hasBegun || !piece.isEmptyPiece
        }
    }

    private static func continued(_ value: JSONValue?, by piece: JSONValue) -> JSONValue {
        switch (value, piece) {
        case (.string(let text)?, .string(let more)): .string(text + more)
        case (.array(let items)?, .array(let more)): .array(more.reduce(into: items, append))
        case (nil, .array(let items)): .array(items.reduce(into: [], append))
        case (.object(let members)?, .object(let more)):
            .object(more.reduce(into: members) { $0[$1.key] = $1.value })
        default: piece
        }
    }

    private static func append(_ items: inout [JSONValue], _ item: JSONValue) {
        guard let index = item["index"], case .object(let members) = item, case .object(var last)? = items.last,
            last["index"] == index, last["type"] == item["type"]
        else {
            items.append(item)
            return
        }
        for member in members where !member.value.isNull {
            let isText = textMembers.contains(member.key)
            last[member.key] = isText ? continued(last[member.key], by: member.value) : member.value
        }
        items[items.count - 1] = .object(last)
    }
}

extension JSONObject {
    /// The object with the halves of characters joined in all of its texts.
    var joiningSurrogates: JSONObject {
        JSONObject(map { (SurrogateJoiner.joined($0.key), $0.value.joiningSurrogates) })
    }
}

extension JSONValue {
    /// Whether there is nothing in it: what some servers begin each answer with.
    fileprivate var isEmptyPiece: Bool {
        switch self {
        case .string(let text): text.isEmpty
        case .array(let items): items.isEmpty
        case .object(let members): members.isEmpty
        default: true
        }
    }

    fileprivate var joiningSurrogates: JSONValue {
        switch self {
        case .string(let text): .string(SurrogateJoiner.joined(text))
        case .array(let items): .array(items.map(\.joiningSurrogates))
        case .object(let object): .object(object.joiningSurrogates)
        default: self
        }
    }
}
