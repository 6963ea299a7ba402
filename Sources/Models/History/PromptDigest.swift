internal import Conversation
internal import Definitions
internal import JSON

/// A digest of the messages of a request, which grows with them.
///
/// Two requests in which as many messages have the same digest are the same up to there, whatever came after it.
struct PromptDigest: Sendable {
    private var count = 0
    private var state: [UInt8] = []

    /// The digest of a request's messages.
    static func text(of messages: [ChatMessage]) -> String {
        var digest = PromptDigest()
        digest.continue(over: messages)
        return digest.text
    }

    /// The digest of all messages so far: 32 hexadecimal digits.
    var text: String { String(SHA256.hexadecimal(of: state).prefix(32)) }

    /// Takes the messages that were added; the others have to be the same as before.
    ///
    /// - Parameters:
    ///   - messages: All messages so far.
    ///   - end: How many of them are taken; nil for all.
    mutating func `continue`(over messages: [ChatMessage], upTo end: Int? = nil) {
        let end = end ?? messages.count
        guard count < end else { return }
        for message in messages[count..<end] { state = SHA256.digest(of: state + message.digested) }
        count = end
    }
}

extension ChatMessage {
    /// Whether a server sent anything beside its calls.
    var hasNatives: Bool { toolCalls.contains { $0.native?.isEmpty == false } }

    /// The message without what a server sent beside its calls.
    var withoutNatives: ChatMessage {
        let calls = toolCalls.map { call in
            var call = call
            call.native = nil
            return call
        }
        return ChatMessage(role: role, content: content, toolCalls: calls, toolCallID: toolCallID, name: name)
    }

    /// All that a server is sent of the message, in an unambiguous form.
    fileprivate var digested: [UInt8] {
        var parts: [JSONValue] = [.string(role.rawValue), .string(content)]
        // A tool's name is not stored with its message.
        parts += [toolCallID, role == .tool ? nil : name].map { $0.map { .string($0) } ?? .null }
        parts += toolCalls.map { call in
            let native = call.native.map { [JSONValue.object($0.call), .object($0.message)] } ?? []
            return .array([.string(call.id), .string(call.name), .string(call.arguments)] + native)
        }
        return Array(JSONValue.array(parts).text.utf8)
    }
}
