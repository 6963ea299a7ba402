internal import JSON

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

extension TokenUsage {
    /// A rough count for a request and its answer: one token for every four bytes of text, rounded up.
    ///
    /// It is used where nothing better is known; four bytes a token is a common average of English text.
    static func estimate(request: ModelRequest, answer: ChatMessage) -> TokenUsage {
        let messages = request.messages.reduce(0) { $0 + $1.byteCount }
        let tools = request.tools.reduce(0) { sum, tool in
            sum + tool.name.utf8.count + tool.description.utf8.count + tool.inputSchema.string.utf8.count
        }
        return TokenUsage(input: (messages + tools + 3) / 4, output: (answer.byteCount + 3) / 4, isEstimated: true)
    }
}

extension ChatMessage {
    /// The bytes of the text that a model reads or writes for this message.
    fileprivate var byteCount: Int {
        toolCalls.reduce(content.utf8.count) { $0 + $1.name.utf8.count + $1.arguments.utf8.count }
    }
}
