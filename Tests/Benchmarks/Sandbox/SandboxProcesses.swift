import FoundationEssentials
import Glibc
import Synchronization

/// What the interpreters of sandboxes have used, their workers included.
///
/// They end with their namespaces, so that nobody is told of it: it has to be asked for while they are there.
enum SandboxProcesses {
    private static let seconds = Mutex<[pid_t: Double]>([:])

    /// Processor time of all that were seen, in seconds.
    static var time: Double { seconds.withLock { $0.values.reduce(0, +) } }

    /// Looks at the interpreters that there are now.
    static func look() {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        let processes = names.compactMap { pid_t($0) }
        let parents = Dictionary(processes.map { ($0, parent(of: $0)) }) { first, _ in first }
        for process in processes where isInterpreter(process, parents) {
            // Of an interpreter; a worker, which runs no other process, is in it when it has ended.
            guard let time = try? ProcessorTime.withEndedChildren(process) else { continue }
            seconds.withLock { $0[process] = max($0[process] ?? 0, time) }
        }
    }

    /// Looks again and again while `body` runs.
    static func looking<Result: Sendable>(_ body: @Sendable () async throws -> Result) async throws -> Result {
        try await withThrowingTaskGroup { group in
            group.addTask {
                while true {
                    look()
                    try await Task.sleep(for: .milliseconds(200))
                }
            }
            defer { group.cancelAll() }
            let result = try await body()
            look()
            return result
        }
    }

    /// Whether the process is what a bubblewrap of ours runs: ours, its process 1 inside, the interpreter.
    private static func isInterpreter(_ process: pid_t, _ parents: [pid_t: pid_t]) -> Bool {
        guard let inner = parents[process], let outer = parents[inner] else { return false }
        return parents[outer] == getpid() && process != getpid()
    }

    private static func parent(of process: pid_t) -> pid_t {
        guard let data = FileManager.default.contents(atPath: "/proc/\(process)/stat") else { return 0 }
        let text = String(decoding: data, as: UTF8.self)
        guard let fields = text.split(separator: ")").last?.split(separator: " "), fields.count > 1 else { return 0 }
        return pid_t(fields[1]) ?? 0
    }
}
