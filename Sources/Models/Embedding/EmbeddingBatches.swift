/// In which batches texts are sent, and what becomes of a batch that is refused: it is halved until the text that the
/// server does not take is alone.
package struct EmbeddingBatches: Sendable, Hashable {
    /// What becomes of the texts of a batch.
    package enum Outcome: Sendable, Hashable {
        /// They have vectors.
        case embedded
        /// The server does not take one of them as it is: asking again would not help.
        case refused
        /// The server failed, or cannot be reached: they are tried again later, and so is what is left.
        case failed
    }

    /// What is to be done next.
    package enum Step: Sendable, Hashable {
        /// Send the texts of these places.
        case send(Range<Int>)
        /// The text of this place is refused for good.
        case giveUp(Int)
        /// The texts of these places are tried again later.
        case postpone(Range<Int>)
    }

    private var waiting: [Step]

    /// Batches of texts.
    ///
    /// - Parameters:
    ///   - count: How many texts there are.
    ///   - size: The most texts of one request.
    package init(count: Int, size: Int) {
        waiting = stride(from: 0, to: count, by: max(1, size)).map { .send($0..<min(count, $0 + max(1, size))) }
    }

    /// The next step; nil when all texts are done with.
    package mutating func next() -> Step? {
        waiting.isEmpty ? nil : waiting.removeFirst()
    }

    /// Takes what became of a batch.
    package mutating func note(_ outcome: Outcome, of batch: Range<Int>) {
        switch outcome {
        case .embedded: break
        case .refused where batch.count == 1: waiting.insert(.giveUp(batch.lowerBound), at: 0)
        case .refused:
            let middle = batch.lowerBound + batch.count / 2
            waiting.insert(contentsOf: [.send(batch.lowerBound..<middle), .send(middle..<batch.upperBound)], at: 0)
        case .failed:
            // What is behind it would fail in the same way, and is left alone.
            let rest = waiting.map { step -> Step in if case .send(let range) = step { .postpone(range) } else { step }
            }
            waiting = [.postpone(batch)] + rest
        }
    }
}
