/// What came of a call: always something to tell the model.
package struct ToolCallResult: Sendable, Hashable {
    /// The call as the model asked for it.
    package let call: ToolCallRequest

    /// What the model is told: the tool's output, or what went wrong.
    package let output: ToolOutput

    /// Why the call failed; nil if it succeeded.
    package let error: ToolError?

    /// How long the call took; nothing if it never began.
    package let duration: Duration

    /// A result.
    ///
    /// - Parameters:
    ///   - call: The call as the model asked for it.
    ///   - output: What the model is told.
    ///   - error: Why the call failed.
    ///   - duration: How long the call took.
    package init(call: ToolCallRequest, output: ToolOutput, error: ToolError? = nil, duration: Duration = .zero) {
        self.call = call
        self.output = output
        self.error = error
        self.duration = duration
    }

    /// The message that answers the call.
    package var message: ChatMessage {
        .tool(output.text, for: call)
    }
}
