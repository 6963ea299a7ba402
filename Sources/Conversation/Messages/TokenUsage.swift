/// How many tokens one or several model calls used.
public struct TokenUsage: Sendable, Hashable {
    /// Tokens read (instructions, history, tools), including ``cachedInput``.
    public var input: Int

    /// Those of the tokens read that the server had in its prompt cache.
    public var cachedInput: Int

    /// Tokens written: text, tool calls and, where the server counts it, reasoning.
    public var output: Int

    /// Whether any of the numbers is an estimate, because the server did not say.
    public var isEstimated: Bool

    /// A count of tokens.
    ///
    /// - Parameters:
    ///   - input: Tokens read, cached ones included.
    ///   - cachedInput: Tokens read from the server's prompt cache.
    ///   - output: Tokens written.
    ///   - isEstimated: Whether any of the numbers is an estimate.
    public init(input: Int, cachedInput: Int = 0, output: Int, isEstimated: Bool = false) {
        self.input = input
        self.cachedInput = cachedInput
        self.output = output
        self.isEstimated = isEstimated
    }

    /// No tokens.
    public static let zero = TokenUsage(input: 0, output: 0)

    /// The sum of two counts, an estimate if one of them is.
    public static func + (left: TokenUsage, right: TokenUsage) -> TokenUsage {
        TokenUsage(
            input: left.input + right.input,
            cachedInput: left.cachedInput + right.cachedInput,
            output: left.output + right.output,
            isEstimated: left.isEstimated || right.isEstimated
        )
    }

    /// Adds a count.
    public static func += (left: inout TokenUsage, right: TokenUsage) {
        left = left + right
    }
}
