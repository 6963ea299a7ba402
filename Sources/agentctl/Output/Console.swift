import Glibc
import JSON

/// Where a command prints: the answer on stdout, everything else on stderr.
struct Console: Sendable {
    /// Whether the answer is JSON.
    let isJSON: Bool
    /// Whether only the answer and errors are wanted.
    let isQuiet: Bool
    /// The answer.
    let output: TextStream
    /// Everything else.
    let messages: TextStream

    /// The columns that lists are to have.
    let choice: ColumnChoice

    /// The options that what is suggested needs as well.
    let given: GivenOptions

    init(isJSON: Bool, isQuiet: Bool, columns: String? = nil, given: GivenOptions) {
        self.given = given
        choice = ColumnChoice(columns)
        self.isJSON = isJSON
        self.isQuiet = isQuiet
        output = TextStream(STDOUT_FILENO)
        messages = TextStream(STDERR_FILENO)
    }

    /// Prints a line, or lines, of the answer.
    func print(_ text: String) {
        output.write(text.hasSuffix("\n") ? text : text + "\n")
    }

    /// Prints the whole answer as one JSON document.
    func print(_ value: JSONValue) {
        output.write(output.shown(json: value.prettyText) + "\n")
    }

    /// Prints one line of an answer that streams.
    func printLine(_ value: JSONValue) {
        output.write(output.shown(json: value.text) + "\n")
    }

    /// Says something that is not the answer.
    func note(_ text: String) {
        guard !isQuiet else { return }
        messages.write(given.completing(text) + "\n")
    }

    /// Says what went wrong and what to do.
    func report(_ failure: CommandFailure) {
        let hint = failure.hint.map(given.completing)
        if isJSON {
            messages.write(messages.shown(json: failure.json(hint: hint).text) + "\n")
            return
        }
        for mistake in failure.mistakes {
            messages.write(mistake.description + "\n")
        }
        if failure.status == .interrupted {
            let reason = failure.message == "interrupted" ? "" : ": \(Printable.text(failure.message))"
            messages.write("interrupted\(reason)\n")
            return
        }
        messages.write("\(messages.styled("error:", .red)) \(Printable.text(failure.message))\n")
        if let hint {
            messages.write("\(messages.styled("hint:", .cyan)) \(Printable.text(hint))\n")
        }
    }
}
