/// What an agent is built from, or a chain, which answers like one.
package struct AgentParts: Sendable {
    /// The epoch of the definitions at which they were read.
    package let epoch: Int64
    /// The agent.
    package let agent: Definition
    /// The model that it names, and then those that it falls back to.
    package let models: [Definition]
    /// The endpoints that these name.
    package let endpoints: [Definition]
    /// The tools that it names.
    package let tools: [Definition]
    /// The functions that it names.
    package let functions: [Definition]
    /// The policies that decide about its calls: those that it names, in their order, and then the default one.
    package let policies: [Definition]
    /// The guardrails that it names, in their order.
    package let guardrails: [Definition]
    /// The agents that it may delegate to; each document has the description only.
    package let delegates: [Definition]
    /// Of a chain: what it is compiled to, `{nodes, edges}`; nil of an agent.
    package let graph: Definition?

    package init(
        epoch: Int64,
        agent: Definition,
        models: [Definition],
        endpoints: [Definition] = [],
        tools: [Definition],
        functions: [Definition],
        policies: [Definition],
        guardrails: [Definition],
        delegates: [Definition] = [],
        graph: Definition? = nil
    ) {
        self.epoch = epoch
        self.agent = agent
        self.models = models
        self.endpoints = endpoints
        self.tools = tools
        self.functions = functions
        self.policies = policies
        self.guardrails = guardrails
        self.delegates = delegates
        self.graph = graph
    }
}
