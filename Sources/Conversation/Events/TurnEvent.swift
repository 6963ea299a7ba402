/// What a turn tells while it runs, for live display; nothing durable depends on it.
public enum TurnEvent: Sendable, Hashable {
    /// An agent began to work on the submission.
    case started(agent: String, version: Int)
    /// The next piece of the answer's text.
    case text(String)
    /// What was told of the answer so far is void: it is begun anew.
    case reset
    /// A model failed, and is asked again after a wait, or another one is.
    case modelFailed(model: String, error: String, next: String, wait: Duration)
    /// A message was sent into the turn, which takes it up now.
    case steered(String)
    /// A tool was called.
    case toolStarted(ToolCallRequest)
    /// A tool that runs printed something.
    case toolOutput(id: String, text: String)
    /// A tool returned.
    case toolFinished(id: String, name: String, output: String, isError: Bool)
}
