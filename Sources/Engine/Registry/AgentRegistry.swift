import Definitions
package import Orchestration
internal import Postgres
package import Store
internal import Synchronization

/// Keeps the agents that are in force.
///
/// An agent is built once and served from memory until the definitions change. The change is noticed in two ways: each
/// claim carries the epoch of the definitions, and an agent of an older epoch is built again, so the next message
/// always meets the rows as they are; a notification forgets agents earlier, which only saves that message's time.
/// Turns hold the agent that they began with.
///
/// A failover that loses commits takes the epoch back with them, and an agent that is kept may exist no more. A server that
/// has lost commits is reached by connections that are opened then, so all agents are forgotten when one was opened or lost.
/// A pooler keeps its clients' connections meanwhile; behind one, a claim of an older epoch than the agent's is the sign.
package final class AgentRegistry: Sendable {
    /// An agent's name, the model that a conversation gives it instead of its own, and where it answers.
    private struct Key: Sendable, Hashable {
        let name: String
        let model: String?
        let handoff: String?
        let choices: [String]
        let chainVersion: Int?
    }

    private struct State {
        var agents: [Key: Agent] = [:]
        var waiters: [Key: [CheckedContinuation<Void, Never>]] = [:]
        /// The connections over which the agents were read.
        var connections = PostgresConnectionChanges()

        mutating func forget(readBefore connections: PostgresConnectionChanges) {
            guard connections != self.connections else { return }
            agents.removeAll(keepingCapacity: true)
            self.connections = connections
        }
    }

    private let store: DefinitionStore
    private let factory: DynamicAgentFactory
    private let state = Mutex(State())

    /// Agents that are kept at most; beyond it the cache starts empty.
    private static let maximumAgents = 10_000

    /// A registry.
    ///
    /// - Parameters:
    ///   - store: Where the rows are.
    ///   - factory: Builds agents from them.
    package init(store: DefinitionStore, factory: DynamicAgentFactory) {
        self.store = store
        self.factory = factory
    }

    /// The agent in force under a name.
    ///
    /// - Parameters:
    ///   - name: The agent's name.
    ///   - epoch: The epoch that the agent must at least be of, as a claim carries it; 0 for whatever is cached.
    ///   - model: The model that it has instead of its own; nil for its own.
    ///   - handoff: The handoff that it answers in, with the tool for that; nil for none.
    ///   - chainVersion: The version of a chain; nil for what is in force.
    ///   - choices: The nodes of a chain that it may choose to go to, with the tool for that.
    /// - Returns: The agent, from memory when it is fresh.
    /// - Throws: ``AgentError``.
    package func agent(
        named name: String,
        epoch: Int64,
        model: String? = nil,
        in handoff: HandoffChain? = nil,
        chainVersion: Int? = nil,
        choosing choices: [String] = []
    ) async throws(AgentError) -> Agent {
        let key = Key(
            name: name,
            model: model,
            handoff: handoff?.name,
            choices: choices,
            chainVersion: chainVersion
        )
        while true {
            if let agent = cached(key, epoch: epoch) { return agent }
            // One builds, the others wait: a change of a busy agent costs one query and not one a turn.
            guard await becomeBuilder(of: key) else { continue }
            defer { release(key) }
            if let agent = cached(key, epoch: epoch) { return agent }
            return try await build(key, in: handoff)
        }
    }

    /// Forgets every agent; turns that run keep theirs.
    package func invalidate() {
        state.withLock { $0.agents.removeAll(keepingCapacity: true) }
    }

    private func cached(_ key: Key, epoch: Int64) -> Agent? {
        let connections = store.connectionChanges
        return state.withLock { state in
            state.forget(readBefore: connections)
            guard let agent = state.agents[key], agent.epoch >= epoch else { return nil }
            if store.isPooled, epoch > 0, agent.epoch > epoch {
                state.agents.removeAll(keepingCapacity: true)
                return nil
            }
            return agent
        }
    }

    private func build(_ key: Key, in handoff: HandoffChain?) async throws(AgentError) -> Agent {
        let parts: AgentParts?
        let lost = store.connectionChanges.lost
        do throws(StoreError) {
            parts = try await store.agentParts(key.name, model: key.model, chainVersion: key.chainVersion)
        } catch {
            var failure = AgentError(.unavailable, error.message)
            failure.isTransient = error.isTransient
            throw failure
        }
        guard let parts else { throw AgentError(.notFound, "there is no agent \"\(key.name)\"") }
        var agent = try factory.agent(from: parts)
        if let handoff { agent = try agent.answering(in: handoff) }
        if !key.choices.isEmpty { agent = try agent.adding(GoToTool(nodes: key.choices), named: GoToTool.name) }
        let connections = store.connectionChanges
        // The rows may have come from a server that is gone.
        guard connections.lost == lost else { return agent }
        state.withLock { state in
            state.forget(readBefore: connections)
            if state.agents.count >= Self.maximumAgents { state.agents.removeAll() }
            state.agents[key] = agent
        }
        return agent
    }

    /// True when the caller is to build; false after another task has.
    private func becomeBuilder(of key: Key) async -> Bool {
        var isBuilder = false
        await withCheckedContinuation { continuation in
            let resumeNow = state.withLock { state in
                guard state.waiters[key] != nil else {
                    state.waiters[key] = []
                    isBuilder = true
                    return true
                }
                state.waiters[key]?.append(continuation)
                return false
            }
            if resumeNow { continuation.resume() }
        }
        return isBuilder
    }

    private func release(_ key: Key) {
        let waiters = state.withLock { $0.waiters.removeValue(forKey: key) ?? [] }
        for waiter in waiters { waiter.resume() }
    }
}
