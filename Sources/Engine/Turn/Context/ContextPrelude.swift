import Conversation

/// Texts that stand before messages of users when a model is shown them, and are no part of the transcript.
///
/// What stands before an earlier message stays what it was, so that a prompt up to the new message stays as it was.
struct ContextPrelude: Sendable, Hashable {
    /// What stands before earlier messages, by their numbers.
    private var earlier: [Int64: [String]] = [:]
    /// What stands before the first message of the turn.
    private var turn: [String] = []
    /// What has to stand somewhere: where earlier messages are left out that had it, the turn's first message gets it.
    var standing: [String] { kept.map(\.text) }
    /// The same, each with what a message has that shows it already, in whatever form.
    private var kept: [Kept] = []

    /// What has to stand somewhere.
    private struct Kept: Sendable, Hashable {
        let text: String
        let mark: String
    }

    /// Whether there is nothing.
    var isEmpty: Bool { earlier.isEmpty && turn.isEmpty && kept.isEmpty }

    /// What stands before the first message of the turn as well, and after what does already.
    ///
    /// - Parameters:
    ///   - text: The text.
    ///   - isStanding: Whether it has to stand somewhere, whatever is left out.
    mutating func add(_ text: String, isStanding: Bool = false) {
        turn.append(text)
        if isStanding { add(standing: text) }
    }

    /// What stood before an earlier message as well.
    mutating func add(_ text: String, before message: Int64) {
        earlier[message, default: []].append(text)
    }

    /// What has to stand somewhere, whatever is left out: a text that a message of the conversation has.
    ///
    /// - Parameters:
    ///   - text: The text.
    ///   - mark: What a message that shows it has, though perhaps not word for word; nil for the text.
    mutating func add(standing text: String, mark: String? = nil) {
        kept.append(Kept(text: text, mark: mark ?? text))
    }

    /// Bytes of what has to stand somewhere.
    var standingBytes: Int { standing.reduce(0) { $0 + $1.utf8.count + Self.separator.utf8.count } }

    /// Earlier messages, each with what stands before it.
    func applied(to messages: [NumberedMessage]) -> [ChatMessage] {
        messages.map { numbered in
            earlier[numbered.number].map { numbered.message.preceded(by: $0) } ?? numbered.message
        }
    }

    /// The messages of the turn, the first with what stands before it.
    func applied(toTurn messages: [ChatMessage]) -> [ChatMessage] {
        guard let first = messages.first, !turn.isEmpty else { return messages }
        return [first.preceded(by: turn)] + messages.dropFirst()
    }

    /// The messages of a request, in which everything stands that has to.
    ///
    /// - Parameters:
    ///   - messages: The messages.
    ///   - first: The first message of the turn, as it is among them.
    func completed(_ messages: [ChatMessage], first: ChatMessage?) -> [ChatMessage] {
        let missing = kept.filter { item in
            !messages.contains { $0.role != .assistant && $0.content.contains(item.mark) }
        }.map(\.text)
        guard !missing.isEmpty, let first, let index = messages.lastIndex(of: first) else { return messages }
        var messages = messages
        messages[index] = first.preceded(by: missing)
        return messages
    }

    fileprivate static let separator = "\n\n"
}

extension ContextPrelude {
    /// What is shown of blocks.
    ///
    /// - Parameter blocks: What the conversation has been shown of them, oldest first, and what the turn shows.
    init(blocks: [ShownBlock]) {
        var latest: [String: BlockVersion] = [:]
        for shown in blocks {
            let text = BlockMarks.marked(shown.block)
            if shown.block.version >= latest[shown.block.label]?.version ?? 0 {
                latest[shown.block.label] = shown.block
            }
            guard !shown.isEdit else { continue }
            if let message = shown.message { add(text, before: message) } else { add(text) }
        }
        for label in latest.keys.sorted() {
            guard let block = latest[label] else { continue }
            // By its version: the output of an edit may be cut, and a turn shows a version once.
            add(standing: BlockMarks.marked(block), mark: BlockMarks.opening(block))
        }
    }
}

extension ChatMessage {
    /// The message with texts before its own.
    fileprivate func preceded(by texts: [String]) -> ChatMessage {
        ChatMessage(
            role: role,
            content: (texts + [content]).joined(separator: ContextPrelude.separator),
            toolCalls: toolCalls,
            toolCallID: toolCallID,
            name: name
        )
    }
}
