package import JSON

/// What is remembered, as a turn is shown it.
package struct RecalledMemory: Sendable, Hashable {
    /// Where it comes from; the least is first.
    package enum Trust: String, Sendable, Hashable, CaseIterable {
        case untrusted, agent, user, owner
    }

    /// What the line of an untrusted memory has, as `agentctl.has_read_outside()` looks for it.
    package static let untrustedMark = "\u{B7} untrusted]"

    /// Its number, by which a model cites it: `[m12]`.
    package let id: Int64
    /// The version that is shown.
    package let version: Int
    /// How relevant it was found, from 0 to 1.
    package let relevance: Double
    /// The day on which it was stored, in ISO 8601.
    package let date: String
    /// Where it comes from.
    package let trust: Trust
    /// What is remembered.
    package let content: String

    package init(id: Int64, version: Int, relevance: Double, date: String, trust: Trust, content: String) {
        (self.id, self.version, self.relevance) = (id, version, relevance)
        (self.date, self.trust, self.content) = (date, trust, content)
    }

    /// Reads an item of `agentctl.turn_memories()`; nil when it is none.
    package init?(stored value: JSONValue) {
        guard let id = value["id"]?.integerValue, let version = value["version"]?.integerValue,
            let content = value["content"]?.stringValue, let date = value["at"]?.stringValue,
            let trust = value["trust"]?.stringValue.flatMap(Trust.init(rawValue:))
        else { return nil }
        self.init(
            id: id,
            version: Int(version),
            relevance: value["relevance"]?.numberValue ?? 0,
            date: date,
            trust: trust,
            content: content
        )
    }
}

/// What the turns of a conversation are shown of what is remembered.
package struct TurnMemories: Sendable, Hashable {
    /// By the number of the message before which they stand.
    package var shown: [Int64: [RecalledMemory]] = [:]
    /// Those of the turn itself.
    package var found: [RecalledMemory] = []
    /// Whether they were found now, and not by an earlier attempt.
    package var isNew = true
    /// What they were found by: `words`, or `words and meaning`.
    package var by = "words"
    /// Why nothing, or less than wanted, was searched.
    package var reason: String?

    package init() {}

    /// Reads what `agentctl.turn_memories()` returns.
    package init(stored value: JSONValue) {
        for turn in value["shown"]?.arrayValue ?? [] {
            guard let message = turn["message"]?.integerValue else { continue }
            shown[message] = turn["items"]?.arrayValue?.compactMap(RecalledMemory.init(stored:)) ?? []
        }
        found = value["found"]?.arrayValue?.compactMap(RecalledMemory.init(stored:)) ?? []
        isNew = value["is_new"]?.boolValue ?? true
        by = value["by"]?.stringValue ?? by
    }
}
