import CrashSupport
import Dispatch
import Glibc
import Synchronization

/// Runs trials in which everything that can go wrong does, and checks what is left of the promises.
///
///     swift run Chaos [--trials 10] [--seed 1] [--minutes 30] [--seconds 15]
///
/// `scripts/chaos` runs it such that nothing is left behind, however it ends.
@main
enum Chaos {
    static func main() async {
        do {
            let plan = try ChaosPlan(CommandLine.arguments.dropFirst())
            exit(try await stoppable { try await run(plan) } ? 0 : 1)
        } catch is CancellationError {
            say("stopped")
            exit(130)
        } catch {
            say("\(error)")
            exit(2)
        }
    }

    /// Runs trials until there have been enough; false when a promise was broken.
    @concurrent
    private static func run(_ plan: ChaosPlan) async throws -> Bool {
        let start = ContinuousClock.now
        var failed: [UInt64] = []
        var number = 0
        while plan.goesOn(after: number, since: start) {
            let seed = plan.seed &+ UInt64(number)
            number += 1
            let report = try await ChaosTrial(seed: seed, duration: plan.duration).run()
            say("trial \(number), \(report)")
            guard !report.violations.isEmpty else { continue }
            for violation in report.violations { say("  \(violation)") }
            failed.append(seed)
            say("  again: scripts/chaos --seed \(seed) --trials 1 --seconds \(plan.duration.components.seconds)")
        }
        say(
            failed.isEmpty
                ? "\(number) trials: all promises kept"
                : "\(number) trials: promises broken with the seeds \(failed.map(String.init).joined(separator: ", "))"
        )
        return failed.isEmpty
    }

    /// Runs work that Ctrl-C and SIGTERM cancel, so that it can put everything away.
    private static func stoppable(_ work: @escaping @Sendable () async throws -> Bool) async throws -> Bool {
        let task = Task { try await work() }
        let sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { task.cancel() }
            source.resume()
            return source
        }
        defer { for source in sources { source.cancel() } }
        return try await task.value
    }

    private static func say(_ line: String) {
        print(line)
        fflush(nil)
    }
}
