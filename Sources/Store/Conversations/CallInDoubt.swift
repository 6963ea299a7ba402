/// A tool call of which an operator has to say what became of it.
package struct CallInDoubt: Sendable, Hashable {
    /// Its number within the turn.
    package let call: Int
    package let tool: String
    /// Whether its turn waits; one that was stopped has ended.
    package let waits: Bool
}
