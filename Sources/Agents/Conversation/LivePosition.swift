/// How far somebody who watches a conversation has seen of what is not durable.
public struct LivePosition: Sendable, Hashable {
    /// The turn.
    public internal(set) var seq: Int64
    /// The attempt at it.
    public internal(set) var attempt = 0
    /// The number of the last piece within the attempt.
    public internal(set) var number = 0

    /// A position before any piece.
    public init(seq: Int64 = 0) {
        self.seq = seq
    }
}
