import Conversation
import Definitions
import Models
import Safety

/// What stands before a user's message of what is remembered: data, each item with its number, its day and its source.
///
/// The same items always have the same text: the prompt before a new message is what it was, byte for byte.
enum MemoryPrelude {
    /// Bytes of one item that are shown at most.
    static let longestItem = 1_000

    /// The text, with the message after it.
    static func text(_ items: [RecalledMemory], before message: String) -> String {
        guard !items.isEmpty else { return message }
        let lines = items.map(line).joined(separator: "\n")
        return "<memory>\n\(lines)\n</memory>\n\(message)"
    }

    /// The items that fit into a budget, best first; one that is too long leaves room for the next.
    ///
    /// - Parameters:
    ///   - items: What was found, best first.
    ///   - budget: Tokens at most.
    ///   - estimator: Knows how many tokens a text has.
    static func fitting(_ items: [RecalledMemory], into budget: Int, _ estimator: TokenEstimator) -> [RecalledMemory] {
        var left = estimator.bytes(forTokens: budget)
        return items.filter { item in
            let size = line(item).utf8.count + 1
            guard size <= left else { return false }
            left -= size
            return true
        }
    }

    private static func line(_ item: RecalledMemory) -> String {
        let content =
            item.content.utf8.count > longestItem ? item.content.cutInTheMiddle(to: longestItem) : item.content
        let shown = Marks.indented(Marks.neutralized(content, of: ["memory", "tool_output"]))
        return "[m\(item.id) · \(item.date) · \(source(item.trust))] \(shown)"
    }

    private static func source(_ trust: RecalledMemory.Trust) -> String {
        switch trust {
        case .owner: "set by the operator"
        case .user: "said by the user"
        case .agent: "noted by an agent"
        case .untrusted: "untrusted"
        }
    }
}
