package import Conversation
package import JSON

extension TokenUsage {
    /// The `usage` of a Chat Completions answer.
    package var chatCompletion: JSONValue {
        [
            "prompt_tokens": .integer(Int64(input)),
            "completion_tokens": .integer(Int64(output)),
            "total_tokens": .integer(Int64(input + output)),
            "prompt_tokens_details": ["cached_tokens": .integer(Int64(cachedInput))],
        ]
    }

    /// Reads the `usage` of a Chat Completions answer; nil if it is absent or makes no sense.
    package init?(chatCompletion usage: JSONValue?) {
        guard let usage, let input = Self.count(usage["prompt_tokens"]) else { return nil }
        let details = usage["prompt_tokens_details"]
        let cached = Self.count(details?["cached_tokens"]) ?? Self.count(usage["prompt_cache_hit_tokens"]) ?? 0
        let output = Self.count(usage["completion_tokens"]) ?? 0
        self.init(input: input, cachedInput: min(cached, input), output: output)
    }

    /// A count of tokens; nil if it is none, or beyond what any model reads.
    private static func count(_ value: JSONValue?) -> Int? {
        guard let number = value?.numberValue, (0...1_000_000_000).contains(number) else { return nil }
        return Int(number)
    }
}
