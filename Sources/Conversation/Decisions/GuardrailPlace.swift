/// What guardrails look at.
package enum GuardrailPlace: String, Sendable, Hashable, CaseIterable {
    /// What the user says.
    case input
    /// What the agent says.
    case output
    /// What a tool returns.
    case toolOutput = "tool_output"
}
