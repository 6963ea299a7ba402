extension Turn {
    /// Adds what was sent into the turn to the transcript, in order.
    ///
    /// A database that cannot be asked costs nothing: what is not taken up now is taken up later, or answered as a
    /// message of its own.
    ///
    /// - Returns: Whether there was anything.
    @discardableResult
    mutating func takeSteering() async -> Bool {
        let messages = await journal.steering().filter { !record.steered.contains($0.seq) }
        for message in messages {
            let content = await admit(message)
            record.messages.append(.user(content))
            record.events.append(EventRecord(.steered(by: message.seq), message: record.messages.count))
            record.steered.append(message.seq)
            emit(.steered(content))
        }
        return !messages.isEmpty
    }

    /// Whether the turn goes on after its answer, since something was sent into it meanwhile.
    ///
    /// At the limit of model calls it does not: what it took up then nobody would answer.
    mutating func isSteeredOn() async -> Bool {
        guard record.status == .succeeded, record.modelCalls < agent.settings.maximumIterations, journal.wasSteered()
        else { return false }
        return await takeSteering()
    }
}
