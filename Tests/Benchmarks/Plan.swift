/// What is measured, and for how long.
struct Plan: Sendable {
    /// A group of measurements, in the order of the report.
    enum Part: String, CaseIterable, Sendable {
        case client, worker, readiness, queues, history, many, models, registry, routing, orchestration, metrics, start,
            sandbox
    }

    /// The parts that are measured.
    var parts = Part.allCases
    /// Whether it is only to be seen that everything runs.
    var isQuick = false
    /// Rounds in which the sides of a ratio take turns.
    var rounds = 5
    /// Seconds that one side of one round takes, where a rate is measured.
    var seconds = 2
    /// Rounds of the worker's measurement, which take longer.
    var workerRounds = 3
    /// Messages of each of the 256 conversations that a worker has before it.
    var messagesPerConversation = 16
    /// Rounds over long conversations, which take time to make.
    var historyRounds = 15
    /// Rounds of things that take milliseconds.
    var shortRounds = 25

    /// Messages that are routed, for each number of agents.
    var routedMessages = 300

    /// Conversations that reports are asked of.
    var conversations = 100_000

    /// Executions that metrics are asked of.
    var executions = 200_000

    /// Calls into the sandbox, one after the other.
    var sandboxSamples = 1_000
    /// Calls after which the process may not have grown; 0 leaves that out.
    var sandboxCalls = 2_000

    /// Reads the command line.
    ///
    /// - Parameter arguments: Without the program's name.
    /// - Throws: ``BenchmarkError`` for an argument that there is not.
    init(parsing arguments: inout [String]) throws {
        while let argument = arguments.first {
            arguments.removeFirst()
            switch argument {
            case "--quick": shorten()
            case "--only" where !arguments.isEmpty: parts = try Self.parts(arguments.removeFirst())
            case "--sandbox-calls" where arguments.first.flatMap { Int($0) } != nil:
                sandboxCalls = Int(arguments.removeFirst()) ?? 0
            case "--conversations" where arguments.first.flatMap { Int($0) } != nil:
                conversations = max(Int(arguments.removeFirst()) ?? 0, 1_000)
            case "--executions" where arguments.first.flatMap { Int($0) } != nil:
                executions = max(Int(arguments.removeFirst()) ?? 0, 1_000)
            default:
                throw BenchmarkError(
                    """
                    usage: Benchmarks [--quick] [--only PART,…] [--sandbox-calls COUNT] [--conversations COUNT] \
                    [--executions COUNT], not \(argument)
                    """
                )
            }
        }
    }

    private mutating func shorten() {
        isQuick = true
        (rounds, seconds, workerRounds, messagesPerConversation) = (1, 1, 1, 2)
        (historyRounds, shortRounds) = (3, 3)
        routedMessages = 20
        (conversations, executions) = (2_000, 5_000)
        (sandboxSamples, sandboxCalls) = (20, 100)
    }

    private static func parts(_ names: String) throws -> [Part] {
        try names.split(separator: ",").map { name in
            guard let part = Part(rawValue: String(name)) else {
                let known = Part.allCases.map(\.rawValue).joined(separator: ", ")
                throw BenchmarkError("there is no part \(name); there are \(known)")
            }
            return part
        }
    }
}
