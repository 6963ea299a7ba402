/// Why rows are no chain that can run.
package struct ChainError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Where: a node, an edge, a key of the state.
    package let place: String

    /// What is wrong, as a clause.
    package let message: String

    package var description: String { "\(place): \(message)" }

    init(_ place: String, _ message: String) {
        self.place = place
        self.message = message
    }
}
