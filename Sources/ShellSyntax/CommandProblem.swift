/// Why a command line, or a part of it, is not understood.
package struct CommandProblem: Error, Sendable, Hashable, CustomStringConvertible {
    /// What was found, as the end of "the line has …".
    package let description: String

    /// A problem.
    package init(_ description: String) {
        self.description = description
    }
}
