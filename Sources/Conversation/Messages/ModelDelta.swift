/// A piece of an answer, told while the model still writes.
public enum ModelDelta: Sendable, Hashable {
    /// The next piece of the text; never empty.
    case text(String)

    /// The model began a call of the tool with this name; its arguments follow with the whole answer.
    case toolCall(name: String)
}
