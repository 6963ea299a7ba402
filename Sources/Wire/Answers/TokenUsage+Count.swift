internal import Conversation
internal import JSON

extension TokenUsage {
    /// A count of tokens; nil if it is none, or beyond what any model reads.
    static func tokens(_ value: JSONValue?) -> Int? {
        guard let number = value?.numberValue, (0...1_000_000_000).contains(number) else { return nil }
        return Int(number)
    }
}
