import Glibc

/// The question before something that cannot be taken back.
enum Confirmation {
    /// Asks on a terminal; without one, the command line has to say yes.
    ///
    /// - Parameters:
    ///   - question: The question, without the choices.
    ///   - isGiven: Whether the user has answered on the command line.
    ///   - console: Where it is asked.
    /// - Throws: ``CommandFailure`` unless the answer is yes.
    static func require(_ question: String, isGiven: Bool, on console: Console) async throws {
        guard !isGiven else { return }
        guard isatty(STDIN_FILENO) == 1 else {
            throw CommandFailure(
                .usage,
                code: "not_confirmed",
                "nothing was deleted: there is no terminal to ask on",
                hint: "Say --yes."
            )
        }
        console.messages.write("\(question) [y/N] ")
        guard case .line(let answer) = try await ApprovalDialog.next(of: LineReader()),
            ["y", "yes"].contains(answer.lowercased())
        else { throw CommandFailure(.failed, code: "not_confirmed", "nothing was deleted") }
    }
}
