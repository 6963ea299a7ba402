import Definitions
public import JSON

/// What a tool found out.
public struct ToolOutput: Sendable, Hashable {
    /// What the model sees.
    public var text: String

    /// Whether the text is only a part, because of a limit; it says so itself.
    public var truncated: Bool

    /// The same as data, for programs; nil if there is nothing beyond the text.
    public var value: JSONValue?

    /// Whether what was run failed, as the text tells: a command that ended with another code than 0, code with an error.
    ///
    /// Then the call has failed, for pipelines, rules about order, chains, plans and metrics alike; the model reads the
    /// text and continues.
    public var isFailure: Bool

    /// An output.
    ///
    /// - Parameters:
    ///   - text: What the model sees.
    ///   - truncated: Whether the text is only a part.
    ///   - value: The same as data.
    ///   - isFailure: Whether what was run failed.
    public init(_ text: String, truncated: Bool = false, value: JSONValue? = nil, isFailure: Bool = false) {
        self.text = text
        self.truncated = truncated
        self.value = value
        self.isFailure = isFailure
    }
}

extension ToolOutput {
    /// The output with its text cut to a number of bytes, and a note in place of the rest.
    ///
    /// The cut is never inside a character's bytes, and the note counts towards the limit.
    ///
    /// - Parameters:
    ///   - limit: The most bytes of text.
    ///   - hint: How to get the rest, as a sentence to the model.
    package func truncated(to limit: Int, hint: String) -> ToolOutput {
        let total = text.utf8.count
        guard total > limit else { return self }
        func note(shown: Int) -> String { "\n[cut: \(shown) of \(total) bytes shown. \(hint)]" }
        let kept = text.prefix(utf8: max(0, limit - note(shown: total).utf8.count))
        var output = self
        output.text = kept + note(shown: kept.utf8.count)
        output.truncated = true
        return output
    }
}
