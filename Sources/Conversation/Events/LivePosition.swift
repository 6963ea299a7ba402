/// How far somebody who watches a conversation has seen of what is not durable.
package struct LivePosition: Sendable, Hashable {
    /// The turn.
    package var seq: Int64
    /// The attempt at it.
    package var attempt = 0
    /// The number of the last piece within the attempt.
    package var number = 0

    /// A position before any piece.
    package init(seq: Int64 = 0) {
        self.seq = seq
    }
}
