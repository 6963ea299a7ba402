internal import Conversation
internal import JSON

/// What a server of the Messages API counts; a later count replaces an earlier one, member by member.
struct MessagesUsage: Sendable, Hashable {
    private var input: Int?
    private var cacheWrite: Int?
    private var cacheRead: Int?
    private var output: Int?

    /// Takes a `usage`; what makes no sense is passed over.
    mutating func consume(_ usage: JSONValue?) {
        guard let usage else { return }
        input = TokenUsage.tokens(usage["input_tokens"]) ?? input
        cacheWrite = TokenUsage.tokens(usage["cache_creation_input_tokens"]) ?? cacheWrite
        cacheRead = TokenUsage.tokens(usage["cache_read_input_tokens"]) ?? cacheRead
        output = TokenUsage.tokens(usage["output_tokens"]) ?? output
    }

    /// The tokens: those of the cache are part of the input, where the server counts them beside it; nil if it said nothing.
    var tokens: TokenUsage? {
        guard let input, let output else { return nil }
        let (written, read) = (cacheWrite ?? 0, cacheRead ?? 0)
        return TokenUsage(input: input + written + read, cachedInput: read, cacheWriteInput: written, output: output)
    }
}

extension TokenUsage {
    /// The `usage` of an answer of the Messages API.
    var messages: JSONValue {
        [
            "input_tokens": .integer(Int64(input - cachedInput - cacheWriteInput)),
            "cache_creation_input_tokens": .integer(Int64(cacheWriteInput)),
            "cache_read_input_tokens": .integer(Int64(cachedInput)),
            "output_tokens": .integer(Int64(output)),
        ]
    }
}
