import Definitions
package import Orchestration
package import Store
internal import Synchronization

/// Keeps the agents that are in force.
///
/// An agent is built once and served from memory until the definitions change. The change is noticed in two ways: each
/// claim carries the epoch of the definitions, and an agent of another epoch is read again, so the next message
/// always meets the rows as they are; a notification forgets agents earlier, which only saves that message's time.
/// Turns hold the agent that they began with.
///
/// A failover that loses commits takes the epoch back with them, and an agent that is kept may exist no more. A part of each
/// epoch is left to chance, so that what is changed after the failover has an epoch that no agent has. An epoch that is
/// merely earlier is that of a claim which was made before a change, or that of a server which has lost it: one query
/// finds out.
package final class AgentRegistry: Sendable {
    /// An agent's name, the model that a conversation gives it instead of its own, and where it answers.
    private struct Key: Sendable, Hashable {
        let name: String
        let model: String?
        let handoff: HandoffChain?
        let choices: [String]
        let chainVersion: Int?
    }

    /// An agent, and which reading of its rows has found it in force.
    private struct Kept {
        let agent: Agent
        let reading: UInt64
    }

    private struct State {
        var agents: [Key: Kept] = [:]
        var waiters: [Key: [CheckedContinuation<Void, Never>]] = [:]
        /// How often rows were begun to be read.
        var readings: UInt64 = 0
    }

    private let store: DefinitionStore
    private let factory: DynamicAgentFactory
    /// Which servers of models are not asked for now.
    package var endpoints: EndpointBook { factory.endpoints }
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
    ///   - epoch: The epoch of the definitions, as a claim carries it; 0 for whatever is kept.
    ///   - model: The model that it has instead of its own; nil for its own.
    ///   - handoff: The handoff that it answers in, with the tool for that; nil for none.
    ///   - chainVersion: The version of a chain; nil for what is in force.
    ///   - choices: The nodes of a chain that it may choose to go to, with the tool for that.
    /// - Returns: The agent, from memory when it is of that epoch.
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
            handoff: handoff,
            choices: choices,
            chainVersion: chainVersion
        )
        // What is read from now on is as it is after the claim, whatever its epoch.
        let readings = state.withLock { $0.readings }
        while true {
            if let agent = kept(key, epoch: epoch, readAfter: readings) { return agent }
            // One reads, the others wait: a change of a busy agent costs one query and not one a turn.
            guard await becomeBuilder(of: key) else { continue }
            defer { release(key) }
            if let agent = kept(key, epoch: epoch, readAfter: readings) { return agent }
            return try await read(key)
        }
    }

    /// Forgets every agent; turns that run keep theirs.
    package func invalidate() {
        state.withLock { $0.agents.removeAll(keepingCapacity: true) }
    }

    private func kept(_ key: Key, epoch: Int64, readAfter readings: UInt64) -> Agent? {
        guard let kept = state.withLock({ $0.agents[key] }) else { return nil }
        return epoch == 0 || kept.agent.epoch == epoch || kept.reading > readings ? kept.agent : nil
    }

    private func read(_ key: Key) async throws(AgentError) -> Agent {
        let reading = state.withLock { state in
            state.readings += 1
            return state.readings
        }
        let parts: AgentParts?
        do throws(StoreError) {
            parts = try await store.agentParts(key.name, model: key.model, chainVersion: key.chainVersion)
        } catch {
            var failure = AgentError(.unavailable, error.message)
            failure.isTransient = error.isTransient
            throw failure
        }
        guard let parts else { throw AgentError(.notFound, "there is no agent \"\(key.name)\"") }
        let known = state.withLock { $0.agents[key]?.agent }
        let agent = if let known, known.epoch == parts.epoch { known } else { try build(key, of: parts) }
        state.withLock { state in
            if state.agents.count >= Self.maximumAgents { state.agents.removeAll() }
            state.agents[key] = Kept(agent: agent, reading: reading)
        }
        return agent
    }

    private func build(_ key: Key, of parts: AgentParts) throws(AgentError) -> Agent {
        var agent = try factory.agent(from: parts)
        if let handoff = key.handoff { agent = try agent.answering(in: handoff) }
        if !key.choices.isEmpty { agent = try agent.adding(GoToTool(nodes: key.choices), named: GoToTool.name) }
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
