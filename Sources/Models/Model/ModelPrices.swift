package import Conversation

/// What a model costs, in US dollars per million tokens.
package struct ModelPrices: Sendable, Hashable {
    /// The price of input that was not cached.
    package let input: Double

    /// The price of input that the server had in its prompt cache.
    package let cachedInput: Double

    /// The price of input that the server wrote to its prompt cache.
    package let cacheWrite: Double

    /// The price of output.
    package let output: Double

    /// Prices in US dollars per million tokens.
    ///
    /// - Parameters:
    ///   - input: The price of input that was not cached.
    ///   - cachedInput: The price of cached input; nil if it is that of other input.
    ///   - cacheWrite: The price of input that is written to the cache; nil if it is that of other input.
    ///   - output: The price of output.
    package init(input: Double, cachedInput: Double? = nil, cacheWrite: Double? = nil, output: Double) {
        self.input = input
        self.cachedInput = cachedInput ?? input
        self.cacheWrite = cacheWrite ?? input
        self.output = output
    }

    /// A model that costs nothing.
    package static let free = ModelPrices(input: 0, output: 0)

    /// The cost of a number of tokens.
    ///
    /// - Parameter usage: The tokens.
    /// - Returns: The cost in US dollars.
    package func cost(of usage: TokenUsage) -> Double {
        let cached = Double(usage.cachedInput) * cachedInput
        let written = Double(usage.cacheWriteInput) * cacheWrite
        let uncached = Double(usage.input - usage.cachedInput - usage.cacheWriteInput) * input
        return (uncached + cached + written + Double(usage.output) * output) / 1_000_000
    }
}
