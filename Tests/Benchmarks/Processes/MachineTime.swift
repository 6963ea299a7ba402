import FoundationEssentials
import Glibc
import TestSupport

/// How much of the machine's processors was used at some moment, in seconds since it started.
struct MachineTime: Sendable {
    /// By anybody, the hypervisor's other guests included.
    private let used: Double
    /// By this process, the programs that it has started and that have ended, the database server, and sandboxes.
    private let own: Double
    /// By anybody or nobody.
    private let passed: Double

    /// Reads the clocks.
    ///
    /// - Parameter cluster: The server whose use is not others'.
    init(_ cluster: TemporaryCluster) async throws {
        let data = FileManager.default.contents(atPath: "/proc/stat") ?? Data()
        let line = String(decoding: data, as: UTF8.self).split(separator: "\n").first ?? ""
        // user nice system idle iowait irq softirq steal; what guests used is in user.
        let ticks = line.split(separator: " ").dropFirst().prefix(8).compactMap { Double($0) }
        guard ticks.count == 8, let server = try await cluster.processID else {
            throw BenchmarkError("cannot read the machine's clocks")
        }
        let perSecond = Double(sysconf(Int32(_SC_CLK_TCK)))
        passed = ticks.reduce(0, +) / perSecond
        used = passed - (ticks[3] + ticks[4]) / perSecond
        own =
            try ProcessorTime.ofThisProcess + ProcessorTime.ofEndedChildren + ProcessorTime.withEndedChildren(server)
            + SandboxProcesses.time
    }

    /// The part of the machine's processors, 0 to 1, that others used since an earlier moment.
    func usedByOthers(since start: MachineTime) -> Double {
        max(0, (used - start.used) - (own - start.own)) / (passed - start.passed)
    }
}
