/// Why a model stopped writing.
///
/// An answer that was stopped by a content filter is no answer but an error, ``ModelError/Code/contentFiltered``.
public enum FinishReason: String, Sendable, Hashable, CaseIterable {
    /// The answer is complete.
    case stop
    /// The limit of output tokens, or the context window, was reached; the answer is cut off.
    case length
    /// The model waits for the results of the tool calls in its answer.
    case toolCalls = "tool_calls"
}
