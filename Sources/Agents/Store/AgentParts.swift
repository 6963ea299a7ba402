/// What an agent is built from.
public struct AgentParts: Sendable {
    /// The epoch of the definitions at which they were read.
    public let epoch: Int64
    /// The agent.
    public let agent: Definition
    /// The model that it names.
    public let models: [Definition]
    /// The tools that it names.
    public let tools: [Definition]
    /// The functions that it names.
    public let functions: [Definition]
    /// The policies that decide about its calls: those that it names, in their order, and then the default one.
    public let policies: [Definition]
    /// The guardrails that it names, in their order.
    public let guardrails: [Definition]
}
