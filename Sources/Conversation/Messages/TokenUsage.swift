/// How many tokens one or several model calls used.
public struct TokenUsage: Sendable, Hashable {
    /// Tokens read (instructions, history, tools), including ``cachedInput`` and ``cacheWriteInput``.
    public var input: Int

    /// Those of the tokens read that the server had in its prompt cache.
    public var cachedInput: Int

    /// Those of the tokens read that the server wrote to its prompt cache, where it charges for that.
    public var cacheWriteInput: Int

    /// Tokens written: text, tool calls and, where the server counts it, reasoning.
    public var output: Int

    /// Those of the tokens written that are reasoning, as far as the server counts them apart.
    public var reasoning: Int

    /// Whether any of the numbers is an estimate, because the server did not say.
    public var isEstimated: Bool

    /// A count of tokens.
    ///
    /// - Parameters:
    ///   - input: Tokens read, cached ones included.
    ///   - cachedInput: Tokens read from the server's prompt cache.
    ///   - cacheWriteInput: Tokens read that were written to the server's prompt cache.
    ///   - output: Tokens written, reasoning included.
    ///   - reasoning: Tokens written that are reasoning.
    ///   - isEstimated: Whether any of the numbers is an estimate.
    public init(
        input: Int,
        cachedInput: Int = 0,
        cacheWriteInput: Int = 0,
        output: Int,
        reasoning: Int = 0,
        isEstimated: Bool = false
    ) {
        self.input = input
        self.cachedInput = cachedInput
        self.cacheWriteInput = cacheWriteInput
        self.output = output
        self.reasoning = reasoning
        self.isEstimated = isEstimated
    }

    /// No tokens.
    public static let zero = TokenUsage(input: 0, output: 0)

    /// The sum of two counts, an estimate if one of them is.
    public static func + (left: TokenUsage, right: TokenUsage) -> TokenUsage {
        TokenUsage(
            input: left.input + right.input,
            cachedInput: left.cachedInput + right.cachedInput,
            cacheWriteInput: left.cacheWriteInput + right.cacheWriteInput,
            output: left.output + right.output,
            reasoning: left.reasoning + right.reasoning,
            isEstimated: left.isEstimated || right.isEstimated
        )
    }

    /// Adds a count.
    public static func += (left: inout TokenUsage, right: TokenUsage) {
        left = left + right
    }
}
