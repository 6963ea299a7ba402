package import Conversation
package import JSON

extension TokenUsage {
    /// The `usage` of a Chat Completions answer.
    package var chatCompletion: JSONValue {
        var usage: JSONObject = [
            "prompt_tokens": .integer(Int64(input)),
            "completion_tokens": .integer(Int64(output)),
            "total_tokens": .integer(Int64(input + output)),
            "prompt_tokens_details": ["cached_tokens": .integer(Int64(cachedInput))],
        ]
        if reasoning > 0 { usage["completion_tokens_details"] = ["reasoning_tokens": .integer(Int64(reasoning))] }
        return .object(usage)
    }

    /// Reads the `usage` of a Chat Completions answer; nil if it is absent or makes no sense.
    package init?(chatCompletion usage: JSONValue?) {
        guard let usage, let input = Self.tokens(usage["prompt_tokens"]) else { return nil }
        let details = usage["prompt_tokens_details"]
        let cached = Self.tokens(details?["cached_tokens"]) ?? Self.tokens(usage["prompt_cache_hit_tokens"]) ?? 0
        let output = Self.tokens(usage["completion_tokens"]) ?? 0
        // Where a gateway passes on that the prompt was written to a cache.
        let written = Self.tokens(details?["cache_write_tokens"]) ?? Self.tokens(usage["cache_creation_input_tokens"])
        let reasoning = Self.tokens(usage["completion_tokens_details"]?["reasoning_tokens"]) ?? 0
        self.init(
            input: input,
            cachedInput: min(cached, input),
            cacheWriteInput: min(written ?? 0, input - min(cached, input)),
            output: output,
            reasoning: min(reasoning, output)
        )
    }
}
