/// What a model wants that writes its steps as text.
package enum ReactStep: Sendable, Hashable {
    /// A tool is to be called.
    ///
    /// - Parameters:
    ///   - thought: What the model says before.
    ///   - name: The tool, which is one of those on offer.
    ///   - arguments: A JSON object.
    case call(thought: String, name: String, arguments: String)
    /// The answer to the user; with a schema it is meant to be JSON.
    case reply(String)
    /// The answer was cut before it said what it wants.
    ///
    /// - Parameter thought: What it says until then.
    case cut(thought: String)
    /// The step cannot be read; the text says what is wrong, to the model.
    case unreadable(String)
}
