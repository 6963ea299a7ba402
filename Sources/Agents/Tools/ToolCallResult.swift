/// What came of a call: always something to tell the model.
public struct ToolCallResult: Sendable, Hashable {
    /// The call as the model asked for it.
    public let call: ToolCallRequest

    /// What the model is told: the tool's output, or what went wrong.
    public let output: ToolOutput

    /// Why the call failed; nil if it succeeded.
    public let error: ToolError?

    /// How long the call took; nothing if it never began.
    public let duration: Duration

    /// A result.
    ///
    /// - Parameters:
    ///   - call: The call as the model asked for it.
    ///   - output: What the model is told.
    ///   - error: Why the call failed.
    ///   - duration: How long the call took.
    public init(call: ToolCallRequest, output: ToolOutput, error: ToolError? = nil, duration: Duration = .zero) {
        self.call = call
        self.output = output
        self.error = error
        self.duration = duration
    }

    /// The message that answers the call.
    public var message: ChatMessage {
        .tool(output.text, for: call)
    }
}
