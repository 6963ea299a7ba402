/// Lays out a conversation's file from its items, which come part by part: an item a line, so that files can be compared.
struct ConversationWriter {
    /// The parts in the order of `agentctl.exchange_part`, and whether each is a list.
    private static let parts: [(name: String, isList: Bool)] = [
        ("conversation", false), ("definitions", true), ("submissions", true), ("messages", true), ("turns", true),
        ("steps", true), ("tool_calls", true), ("approvals", true), ("compactions", true), ("function_calls", true),
        ("security_events", true), ("events", true), ("progress", false), ("node_runs", true), ("plans", true),
        ("schedule_runs", true),
    ]
    /// Parts that are there only if they have an item, beside those that are no lists.
    private static let optional: Set<String> = ["node_runs", "plans", "schedule_runs"]

    /// Whether an item is spread over lines.
    private let isPretty: Bool
    /// How many parts have begun.
    private var begun = 0
    /// Whether the part that has begun has an item.
    private var hasItem = false
    /// Whether the part that has begun is a list that is written.
    private var isOpenList = false

    init(isPretty: Bool) {
        self.isPretty = isPretty
    }

    /// The text up to and with an item.
    ///
    /// - Parameters:
    ///   - item: The item as JSON.
    ///   - part: The part that it is of; not one before that of the item before.
    package mutating func text(of item: String, in part: String) -> String {
        var text = begin()
        while begun == 0 || Self.parts[begun - 1].name != part, begun < Self.parts.count {
            text += beginNextPart(skipping: part)
        }
        guard Self.parts[begun - 1].isList else { return text + indented(item, by: "  ") }
        text += (hasItem ? ",\n    " : "\n    ") + indented(item, by: "    ")
        hasItem = true
        return text
    }

    /// The text after the last item.
    package mutating func end() -> String {
        var text = begin()
        while begun < Self.parts.count { text += beginNextPart(skipping: nil) }
        return text + endOfPart + "\n}\n"
    }

    private func begin() -> String {
        begun == 0 ? "{\n  \"format\": \"agentctl.conversation\",\n  \"version\": 1" : ""
    }

    private mutating func beginNextPart(skipping wanted: String?) -> String {
        let end = endOfPart
        let part = Self.parts[begun]
        begun += 1
        hasItem = false
        isOpenList = part.isList && (part.name == wanted || !Self.optional.contains(part.name))
        guard isOpenList || part.name == wanted else { return end }
        return end + ",\n  \"\(part.name)\": " + (part.isList ? "[" : "")
    }

    private var endOfPart: String {
        guard isOpenList else { return "" }
        return hasItem ? "\n  ]" : "]"
    }

    /// In JSON a line break stands between values only, never in a text.
    private func indented(_ item: String, by space: String) -> String {
        guard isPretty else { return item }
        return item.split(separator: "\n").joined(separator: "\n" + space)
    }
}
