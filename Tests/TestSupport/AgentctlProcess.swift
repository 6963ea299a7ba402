import Dispatch
import FoundationEssentials
public import Glibc
import Synchronization

/// The real executable, run as a process.
///
/// Its output goes to files, so that nothing that a test does or does not read can hold it up.
public final class AgentctlProcess: Sendable {
    /// Where its output goes.
    public enum Output: Sendable {
        /// Into a file, for ``Result/output``.
        case kept
        /// Into a pipe that nobody reads.
        case closedPipe
        /// Into a device that is full.
        case fullDevice
    }

    /// How it ended.
    public struct Result: Sendable {
        /// The exit code; the number of the signal, negative, if one ended it.
        public let status: Int32
        /// What it wrote to stdout.
        public let output: String
        /// What it wrote to stderr.
        public let errors: String
    }

    /// The process's number.
    public let processID: pid_t
    private let directory: TemporaryDirectory
    private let isOver = Mutex(false)

    /// The executable beside the tests' own.
    public static let executable: String = {
        let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return tests.split(separator: "/").dropLast().map { "/\($0)" }.joined() + "/agentctl"
    }()

    /// Starts the executable.
    ///
    /// - Parameters:
    ///   - program: The words that run it; without them, ``executable``.
    ///   - arguments: Its arguments.
    ///   - environment: All its variables, but for PATH, HOME and the locale.
    ///   - workingDirectory: Where it runs.
    ///   - input: What it reads from stdin.
    ///   - bytes: The same when it is no text.
    ///   - output: Where its output goes.
    ///   - machine: What the machine lacks that it runs on; nil is the machine as it is.
    public init(
        program: [String] = [executable],
        _ arguments: [String],
        environment: [String: String] = [:],
        workingDirectory: String = "/",
        input: String = "",
        bytes: [UInt8]? = nil,
        output: Output = .kept,
        machine: LesserMachine? = nil
    ) throws {
        directory = try TemporaryDirectory()
        try Data(bytes ?? Array(input.utf8)).write(to: URL(filePath: "\(directory.path)/input"))
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "\(directory.path)/input", O_RDONLY, 0)
        let mode = O_WRONLY | O_CREAT | O_TRUNC
        posix_spawn_file_actions_addopen(&actions, 1, "\(directory.path)/output", mode, 0o600)
        posix_spawn_file_actions_addopen(&actions, 2, "\(directory.path)/errors", mode, 0o600)
        var ends: [Int32] = [-1, -1]
        if case .closedPipe = output {
            guard pipe(&ends) == 0 else { throw SpawnFailure(number: errno) }
            close(ends[0])
            posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
        }
        if case .fullDevice = output { posix_spawn_file_actions_addopen(&actions, 1, "/dev/full", O_WRONLY, 0) }
        defer { if ends[1] >= 0 { close(ends[1]) } }
        closeInheritedDescriptors(&actions)
        var variables = ["PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": "/nonexistent", "LC_ALL": "C.UTF-8"]
        variables.merge(environment) { $1 }
        // The shell becomes the executable: the process is the same.
        let script = #"cd "$1" && shift && exec "$@""#
        let command = (machine?.command ?? []) + program + arguments
        let words = (["sh", "-c", script, "sh", workingDirectory] + command).map { strdup($0) }
        let settings = variables.map { strdup("\($0.key)=\($0.value)") }
        defer { (words + settings).forEach { free($0) } }
        var processID = pid_t()
        let failure = posix_spawn(&processID, "/bin/sh", &actions, nil, words + [nil], settings + [nil])
        guard failure == 0 else { throw SpawnFailure(number: failure) }
        self.processID = processID
    }

    struct SpawnFailure: Error, CustomStringConvertible {
        let number: Int32
        var description: String { "/bin/sh: \(String(cString: strerror(number)))" }
    }

    /// A test that failed half-way must not leave a worker behind.
    deinit {
        guard !isOver.withLock({ $0 }) else { return }
        kill(processID, SIGKILL)
        waitpid(processID, nil, 0)
        try? directory.remove()
    }

    /// Sends a signal.
    public func send(_ signal: Int32) {
        kill(processID, signal)
    }

    /// What it has written to stderr so far.
    public var errorsSoFar: String { contents("errors") }

    /// What it has written to stdout so far.
    public var outputSoFar: String { contents("output") }

    /// Waits for its end.
    public func result() async throws -> Result {
        let processID = processID
        let status = await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                var status: Int32 = 0
                while waitpid(processID, &status, 0) < 0, errno == EINTR {}
                continuation.resume(returning: status)
            }
        }
        isOver.withLock { $0 = true }
        defer { try? directory.remove() }
        let signal = status & 0x7F
        return Result(
            status: signal == 0 ? (status >> 8) & 0xFF : -signal,
            output: contents("output"),
            errors: contents("errors")
        )
    }

    private func contents(_ name: String) -> String {
        (try? String(contentsOfFile: "\(directory.path)/\(name)", encoding: .utf8)) ?? ""
    }
}
