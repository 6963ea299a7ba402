package import JSON

/// What a compaction can summarize: whole turns, without the last two, as `agentctl.compaction_source` returns them.
package struct CompactionSource: Sendable {
    /// The number that the compaction would have.
    package let number: Int
    /// The first message that it would stand for.
    package let firstMessage: Int64
    /// The last message that it would stand for.
    package let lastMessage: Int64
    /// The summary in force, which stands for what comes before the messages.
    package let summary: String?
    /// The messages, oldest first.
    package let messages: [ChatMessage]

    /// Reads what the database returned; nil when there is nothing to summarize.
    package init?(stored: JSONValue) {
        guard let messages = stored["messages"]?.arrayValue, let number = stored["number"]?.integerValue,
            let first = messages.first?[0]?.integerValue, let last = messages.last?[0]?.integerValue
        else { return nil }
        self.number = Int(number)
        firstMessage = stored["first_message"]?.integerValue ?? first
        lastMessage = last
        summary = stored["summary"]?.stringValue
        self.messages = messages.compactMap(ChatMessage.init(stored:))
    }

    package init(
        number: Int = 1,
        firstMessage: Int64 = 1,
        lastMessage: Int64,
        summary: String? = nil,
        messages: [ChatMessage]
    ) {
        self.number = number
        self.firstMessage = firstMessage
        self.lastMessage = lastMessage
        self.summary = summary
        self.messages = messages
    }
}
