package import JSON

/// A message with its number within the conversation.
package struct NumberedMessage: Sendable, Hashable {
    package let number: Int64
    package let message: ChatMessage

    package init(number: Int64, message: ChatMessage) {
        (self.number, self.message) = (number, message)
    }
}

/// What was said in a conversation before a turn.
package enum PastMessages: Sendable, Hashable {
    /// The last messages that no summary stands for, oldest first, at most 100, and what stands for those before them.
    case sent([NumberedMessage], summary: String?)
    /// The worker knows them, as nothing has happened since it ended the turn before; those from a number on are shown.
    case known(from: Int64)

    /// Reads what `agentctl.claim` returns: messages, before which a summary may come, or a number.
    package init(stored: JSONValue) {
        if let first = stored.integerValue {
            self = .known(from: first)
            return
        }
        let items = stored.arrayValue ?? []
        let messages = items.compactMap { item in
            ChatMessage(stored: item).map { NumberedMessage(number: item[0]?.integerValue ?? 0, message: $0) }
        }
        var summary: String?
        if let first = items.first, first[1] == "summary" { summary = first[2]?.stringValue }
        self = .sent(messages, summary: summary)
    }

    /// The messages; none where the worker knows them.
    package var messages: [NumberedMessage] {
        switch self {
        case .sent(let messages, _): messages
        case .known: []
        }
    }

    /// What stands for the messages before those; nil if nothing.
    package var summary: String? {
        switch self {
        case .sent(_, let summary): summary
        case .known: nil
        }
    }
}
