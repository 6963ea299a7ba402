package import Conversation
internal import Synchronization

/// How many tokens a text has for one model, as far as that can be known without its tokenizer.
///
/// The first guess is four bytes a token. What the provider reports of each call corrects it for the next, within bounds:
/// a provider that counts something else must not talk the estimate out of all reason.
package final class TokenEstimator: Sendable {
    /// A token is about four bytes of English.
    static let bytesPerToken = 4

    /// How far the correction may go.
    package static let bounds = 0.5...2.0

    /// Requests below so many bytes say more about a provider's fixed costs than about its tokens.
    private static let leastBytes = 256

    private let ratio = Mutex<Double?>(nil)

    package init() {
    }

    /// Tokens that the provider reported for each that was expected.
    package var correction: Double { ratio.withLock { $0 ?? 1 } }

    /// The tokens of a number of bytes, rounded up.
    package func tokens(forBytes bytes: Int) -> Int {
        Int((Double(bytes) / Double(Self.bytesPerToken) * correction).rounded(.up))
    }

    /// The bytes that a number of tokens has room for.
    package func bytes(forTokens tokens: Int) -> Int {
        Int(Double(tokens) * Double(Self.bytesPerToken) / correction)
    }

    /// Learns from a call.
    ///
    /// - Parameters:
    ///   - bytes: What the request was counted as.
    ///   - usage: What the provider reported.
    package func learn(bytes: Int, usage: TokenUsage) {
        guard !usage.isEstimated, usage.input > 0, bytes >= Self.leastBytes else { return }
        let observed = Double(usage.input) * Double(Self.bytesPerToken) / Double(bytes)
        ratio.withLock { ratio in
            // One call that is out of the ordinary does not turn everything over.
            let next = ratio.map { ($0 + observed) / 2 } ?? observed
            ratio = min(max(next, Self.bounds.lowerBound), Self.bounds.upperBound)
        }
    }
}

extension ChatMessage {
    /// What a message is counted as: its text, its calls, and a little for its frame.
    package var estimatedBytes: Int {
        toolCalls.reduce(content.utf8.count + 16) { size, call in
            size + call.name.utf8.count + call.arguments.utf8.count + (call.native?.byteCount ?? 0) + 16
        }
    }
}

extension Sequence<ChatMessage> {
    /// What the messages are counted as.
    package var estimatedBytes: Int { reduce(0) { $0 + $1.estimatedBytes } }
}
