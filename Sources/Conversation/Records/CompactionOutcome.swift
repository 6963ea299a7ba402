package import JSON

/// The result of a compaction, as `agentctl.store_compaction` takes it.
package enum CompactionOutcome: Sendable {
    /// A summary was made.
    case made(CompactionRecord)
    /// There is none, and why; the call that was made for it, if there was one.
    case refused(String, StepRecord? = nil)
    /// The last one is to be taken back.
    case undone

    /// The call to the model, if there was one.
    package var step: StepRecord? {
        switch self {
        case .made(let record): record.step
        case .refused(_, let step): step
        case .undone: nil
        }
    }

    /// The event; that of a compaction that is taken back gets its messages from the database.
    private var event: Event {
        switch self {
        case .made(let record): .compacted(record.messages)
        // No row says what was paid.
        case .refused(let reason, let step): .error(code: "compaction_refused", message: reason, cost: step?.cost)
        case .undone: .compactionUndone(messages: nil)
        }
    }

    package var json: JSONValue {
        var object = EventRecord(event).json.objectValue ?? [:]
        if case .made(let record) = self { object["compaction"] = .object(record.row) }
        return .object(object)
    }
}

/// A summary that stands for messages.
package struct CompactionRecord: Sendable {
    /// Who made it.
    package enum Maker: String, Sendable, Hashable {
        /// The agent's model.
        case model
        /// Nobody: it was put together from the messages.
        case extraction
    }

    package let source: CompactionSource
    package let summary: String
    package let maker: Maker
    package let beforeTokens: Int
    package let afterTokens: Int
    /// The call to the model, also one that failed.
    package let step: StepRecord?

    package init(
        source: CompactionSource,
        summary: String,
        maker: Maker,
        beforeTokens: Int,
        afterTokens: Int,
        step: StepRecord?
    ) {
        self.source = source
        self.summary = summary
        self.maker = maker
        self.beforeTokens = beforeTokens
        self.afterTokens = afterTokens
        self.step = step
    }

    /// The event's data.
    package var messages: Event.CompactedMessages {
        Event.CompactedMessages(
            messages: Event.MessageRange(first: source.firstMessage, last: source.lastMessage),
            summaryBytes: summary.utf8.count,
            beforeTokens: beforeTokens,
            afterTokens: afterTokens,
            by: maker.rawValue,
            reason: maker == .model ? nil : step?.errorMessage
        )
    }

    /// What is stored, in the words of `agentctl.compaction`.
    package var row: JSONObject {
        let call = step ?? StepRecord(.compaction, offset: .zero)
        var row = call.json(number: source.number).objectValue ?? [:]
        row["number"] = .integer(Int64(source.number))
        row["first_message"] = .integer(source.firstMessage)
        row["last_message"] = .integer(source.lastMessage)
        row["summary"] = .storable(summary)
        row["made_by"] = .string(maker.rawValue)
        row["before_tokens"] = .integer(Int64(beforeTokens))
        row["after_tokens"] = .integer(Int64(afterTokens))
        return row
    }
}
