internal import Conversation
internal import Definitions

/// Brings a history into the form that the server that is asked accepts, whatever another one has accepted before.
///
/// The calls of the asked model keep their ids, and those of others get ids that every server accepts, always the same
/// ones. Each call has its output already.
///
/// What the asked server sent beside its calls goes back within the turn, as servers demand. After the turn it goes back
/// as long as all that is sent before the answer is what was sent before it then: no request of another prompt, and no
/// history that was cut, undone or summarized, has it.
struct ReplayedHistory: Sendable {
    private let rules: ReplayRules
    private let origin: String
    private let hasNatives: Bool

    /// - Parameters:
    ///   - origin: The model and server that is asked.
    ///   - rules: What it refuses.
    ///   - hasNatives: Whether what came beside calls goes back at all.
    init(for origin: String, rules: ReplayRules = .chatCompletions, hasNatives: Bool = true) {
        self.rules = rules
        self.origin = origin
        self.hasNatives = hasNatives
    }

    /// The messages of a request.
    ///
    /// - Parameter history: The messages, oldest first.
    func messages(_ history: [ChatMessage]) -> [ChatMessage] {
        var ids = IDs(rules: rules, origin: origin)
        var digest = PromptDigest()
        var messages: [ChatMessage] = []
        messages.reserveCapacity(history.count)
        let turn = Self.turn(in: history)
        for (index, message) in history.enumerated() {
            guard var message = accepted(message, &ids) else { continue }
            if index < turn, message.hasNatives {
                // The last one may still become one message with this one.
                digest.continue(over: messages, upTo: messages.count - 1)
                var prefix = digest
                prefix.continue(over: messages)
                if prefix.text != message.toolCalls.first?.native?.prefix { message = message.withoutNatives }
            }
            append(message, to: &messages)
        }
        return messages
    }

    /// The index of the message that the turn begins with.
    ///
    /// What the user says after the outputs of calls begins none: it steers the turn, and servers take it so.
    private static func turn(in history: [ChatMessage]) -> Int {
        var turn = history.startIndex
        var followsOutputs = false
        for (index, message) in history.enumerated() {
            if message.role == .user, !followsOutputs { turn = index }
            if message.role != .user { followsOutputs = message.role == .tool }
        }
        return turn
    }

    /// A message with nothing in it that is refused; nil if nothing is left of it.
    private func accepted(_ message: ChatMessage, _ ids: inout IDs) -> ChatMessage? {
        switch message.role {
        case .system:
            return message.content.isBlank ? nil : message
        case .user:
            let content = message.content.isBlank ? rules.emptyMessage : message.content
            return ChatMessage(role: .user, content: content, name: message.name.flatMap(name))
        case .assistant:
            let isSilent = message.content.isBlank
            let silence = message.toolCalls.isEmpty ? rules.missingAnswer : ""
            return ChatMessage(
                role: .assistant,
                content: isSilent ? silence : message.content,
                toolCalls: ids.begin(message.toolCalls).map(accepted),
                name: message.name.flatMap(name)
            )
        case .tool:
            return ChatMessage(
                role: .tool,
                content: message.content.isBlank ? rules.emptyOutput : message.content,
                toolCallID: message.toolCallID.map { ids.id(ofOutput: $0) },
                name: message.name
            )
        }
    }

    private func accepted(_ call: ToolCallRequest) -> ToolCallRequest {
        var accepted = ToolCallRequest(
            id: call.id,
            name: name(call.name) ?? rules.namelessTool,
            arguments: call.arguments
        )
        if hasNatives, call.native?.origin == origin { accepted.native = call.native }
        return accepted
    }

    /// A name of characters that are allowed; nil if none of it is.
    private func name(_ name: String) -> String? {
        if name.utf8.count <= rules.longestName, !name.isEmpty, name.utf8.allSatisfy(rules.isOfName) { return name }
        guard name.utf8.contains(where: rules.isOfID) else { return nil }
        let characters = name.map { character in
            character.utf8.allSatisfy(rules.isOfName) ? character : "_"
        }
        return String(characters.prefix(rules.longestName))
    }

    /// Adds a message in the order of speakers that is accepted.
    private func append(_ message: ChatMessage, to messages: inout [ChatMessage]) {
        switch (messages.last?.role, message.role) {
        case (.user?, .user):
            messages.append(.assistant(rules.missingAnswer))
        case (.tool?, .user) where rules.separatesOutputs:
            messages.append(.assistant(rules.missingAnswer))
        case (nil, .assistant), (.system?, .assistant):
            messages.append(.user(rules.emptyMessage))
        case (.assistant?, .assistant):
            // One answer, unless the outputs of the first one's calls are missing.
            guard let last = messages.last, last.toolCalls.isEmpty else { break }
            messages.removeLast()
            let content = [last.content, message.content].filter { !$0.isEmpty }.joined(separator: "\n\n")
            messages.append(
                ChatMessage(role: .assistant, content: content, toolCalls: message.toolCalls, name: message.name)
            )
            return
        default: break
        }
        messages.append(message)
    }
}

// MARK: - Ids

/// The ids of the calls of one request.
private struct IDs {
    let rules: ReplayRules
    let origin: String
    /// All ids of the request.
    private var used: Set<String> = []
    /// The ids of the calls of the last answer, by those that they had.
    private var open: [String: String] = [:]

    init(rules: ReplayRules, origin: String) {
        self.rules = rules
        self.origin = origin
    }

    /// The calls of an answer, each with an id that is accepted and is its own in the whole request.
    mutating func begin(_ calls: [ToolCallRequest]) -> [ToolCallRequest] {
        if calls.isEmpty { return calls }
        open = [:]
        return calls.map { call in
            let id = accepted(call)
            used.insert(id)
            open[call.id] = id
            guard id != call.id else { return call }
            var renamed = ToolCallRequest(id: id, name: call.name, arguments: call.arguments)
            renamed.native = call.native
            return renamed
        }
    }

    func id(ofOutput id: String) -> String { open[id] ?? id }

    private func accepted(_ call: ToolCallRequest) -> String {
        let isAccepted = rules.accepts(id: call.id, isOwn: call.native?.origin == origin)
        if isAccepted, !used.contains(call.id) { return call.id }
        var number = 0
        while true {
            let text = number == 0 ? call.id : "\(call.id)#\(number)"
            let id = String(SHA256.hexadecimal(of: Array(text.utf8)).prefix(rules.idLength))
            if !used.contains(id) { return id }
            number += 1
        }
    }
}

extension String {
    /// Whether the text says nothing.
    fileprivate var isBlank: Bool { allSatisfy(\.isWhitespace) }
}
