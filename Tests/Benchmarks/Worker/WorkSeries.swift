/// What one way to process messages came to, a value a round.
struct WorkSeries: Sendable {
    /// Messages per second.
    var rate = Samples()
    /// Milliseconds of CPU time for each message.
    var processorTime = Samples()
    /// The same of the model's process, where there is one.
    var modelProcessorTime = Samples()
    /// Commits for each message.
    var commits = Samples()
    /// Flushes of the log for each message.
    var flushes = Samples()
    /// KB of log for each message.
    var log = Samples()

    mutating func add(_ before: DatabaseCounters, _ after: DatabaseCounters, looks: Int, messages: Int) {
        let messages = Double(messages)
        commits.add((after.commits - before.commits - Double(looks)) / messages)
        flushes.add((after.flushes - before.flushes) / messages)
        log.add((after.bytes - before.bytes) / 1_000 / messages)
    }
}
