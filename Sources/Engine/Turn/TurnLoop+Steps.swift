import Conversation

extension TurnLoop {
    /// Takes the next step of a run of a chain in a rehearsal: nothing is claimed or stored, up to where it waits for tasks
    /// again.
    ///
    /// - Parameters:
    ///   - claim: The claim, as ``ParkedRun`` has it.
    ///   - journal: Stores nothing.
    /// - Returns: The run as it is to be stored; nil where it takes calls, votes or a stop, or comes to its end.
    func step(_ claim: ClaimedSubmission, journal: TurnJournal) async -> TurnRecord? {
        let start = ContinuousClock.now
        guard let agent = try? await currentAgent(for: claim), let chain = agent.chain else { return nil }
        let environment = TurnEnvironment(
            agent: agent,
            claim: claim,
            services: services,
            journal: journal,
            start: start,
            emit: { _ in }
        )
        var turn = ChainTurn(environment, of: chain, registry: registry)
        guard case .parked(var record) = await turn.run(), record.isAwaitingTasks else { return nil }
        record.duration = record.earlier.duration + start.duration(to: .now)
        return record
    }
}
