/// Why a command line, or a part of it, is not understood.
struct CommandProblem: Error, Sendable, Hashable, CustomStringConvertible {
    /// What was found, as the end of "the line has …".
    let description: String

    /// A problem.
    init(_ description: String) {
        self.description = description
    }
}
