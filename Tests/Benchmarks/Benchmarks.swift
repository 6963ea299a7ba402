import Engine
import Glibc
import TestSupport

/// Measures this release against what it stands on, and prints the result as Markdown.
///
/// Every figure of interest is a ratio: both sides of it are measured in the same run, in turns, and the median of the
/// rounds counts. Absolute figures say more about the machine and the hour than about the program.
///
///     swift run -c release Benchmarks [--quick] [--only PART,…] [--executions 10000000]
///
/// `Benchmarks mock-model` is the model that the worker is measured with, in a process of its own.
@main
enum Benchmarks {
    static func main() async {
        do {
            var arguments = Array(CommandLine.arguments.dropFirst())
            if arguments.first == MockModelProcess.argument {
                try await MockModelProcess.serve()
            } else {
                try await run(try Plan(parsing: &arguments))
            }
        } catch {
            Progress.say("\(error)")
            exit(1)
        }
    }

    /// Not on the main thread, which would be one more hop for everything that is measured.
    @concurrent
    private static func run(_ plan: Plan) async throws {
        let machine = try await Machine.current()
        let report = try await withCluster(settings: BenchmarkDatabase.serverSettings) { cluster in
            var report = Report(plan: plan, machine: machine)
            let start = try await MachineTime(cluster)
            for part in plan.parts {
                Progress.say("\(part.rawValue)")
                report.sections.append(try await measure(part, plan, cluster))
            }
            report.usedByOthers = try await MachineTime(cluster).usedByOthers(since: start)
            return report
        }
        print(report.text)
    }

    private static func measure(_ part: Plan.Part, _ plan: Plan, _ cluster: TemporaryCluster) async throws -> Section {
        let database = try await BenchmarkDatabase.make(part.rawValue, on: cluster)
        switch part {
        case .client: return try await ClientBenchmark(plan: plan, database: database).section()
        case .worker: return try await WorkerBenchmark(plan: plan, database: database).section()
        case .readiness: return try await ReadinessBenchmark(plan: plan, database: database).section()
        case .queues: return try await QueuesBenchmark(plan: plan, database: database).section()
        case .history: return try await HistoryBenchmark(plan: plan, database: database).section()
        case .models: return try await ModelsBenchmark(plan: plan, database: database).section()
        case .many: return try await ManyConversationsBenchmark(plan: plan, database: database).section()
        case .registry: return try await RegistryBenchmark(plan: plan, database: database).section()
        case .routing: return try await RoutingBenchmark(plan: plan, database: database).section()
        case .orchestration: return try await OrchestrationBenchmark(plan: plan, database: database).section()
        case .metrics: return try await MetricsBenchmark(plan: plan, database: database).section()
        case .sandbox: return try await SandboxBenchmark(plan: plan).section()
        case .start: return try await StartBenchmark(plan: plan, database: database).section()
        }
    }
}
