import Glibc
import TestSupport

/// A program that was started, and what it prints.
///
/// It is spawned without any layer between, as the time to its first byte is measured. Its methods block: call them
/// in ``offThePool(_:)``.
struct ChildProcess: Sendable {
    /// What becomes of the program's standard error.
    enum ErrorOutput: Sendable {
        case inherited, discarded
    }

    /// How the program ended.
    struct Exit: Sendable {
        /// The exit code; 128 and more for a signal.
        let status: Int32
        /// CPU time in seconds, of user and system together.
        let processorTime: Double
    }

    let id: pid_t
    let started: ContinuousClock.Instant
    private let output: Int32
    /// The program may wait for the end of its input to know that this process is gone.
    private let input: Int32

    /// POSIX_SPAWN_SETSIGMASK, which the Glibc module lacks.
    private static let signalMaskFlag: Int16 = 0x08

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - path: The program's path.
    ///   - arguments: Its arguments, without the name.
    ///   - environment: Variables that are added to those of this process.
    ///   - errors: What becomes of its standard error.
    /// - Throws: ``BenchmarkError``.
    init(
        _ path: String,
        _ arguments: [String],
        environment: [String: String] = [:],
        errors: ErrorOutput = .inherited
    ) throws {
        let (inputEnd, input) = try Self.pipe()
        let (output, outputEnd) = try Self.pipe()
        defer {
            close(inputEnd)
            close(outputEnd)
        }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, inputEnd, 0)
        posix_spawn_file_actions_adddup2(&actions, outputEnd, 1)
        if errors == .discarded { posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0) }
        closeInheritedDescriptors(&actions)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // The thread may have signals blocked that the program lives by: pgbench ends by an alarm.
        var noSignals = sigset_t()
        sigemptyset(&noSignals)
        posix_spawnattr_setsigmask(&attributes, &noSignals)
        posix_spawnattr_setflags(&attributes, Self.signalMaskFlag)
        let argumentTexts = ([path] + arguments).map { strdup($0) }
        let variables = Self.variables(adding: environment).map { strdup($0) }
        defer { (argumentTexts + variables).forEach { free($0) } }
        var id = pid_t()
        started = .now
        let status = posix_spawn(&id, path, &actions, &attributes, argumentTexts + [nil], variables + [nil])
        (self.id, self.input, self.output) = (id, input, output)
        guard status == 0 else { throw BenchmarkError("cannot start \(path): \(String(cString: strerror(status)))") }
    }

    /// Waits for output.
    ///
    /// - Returns: The next bytes; empty when there will be none.
    func read() -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        let count = Glibc.read(output, &buffer, buffer.count)
        return Array(buffer.prefix(max(0, count)))
    }

    /// All further output, to its end.
    func readToEnd() -> [UInt8] {
        var all: [UInt8] = []
        while case let bytes = read(), !bytes.isEmpty { all += bytes }
        return all
    }

    /// Asks the program to end.
    func terminate() {
        kill(id, SIGTERM)
    }

    /// Waits for the program's end, once.
    func waitForExit() -> Exit {
        close(input)
        var status: Int32 = 0
        var usage = rusage()
        while wait4(id, &status, 0, &usage) < 0, errno == EINTR {}
        close(output)
        let signal = status & 0x7f
        return Exit(
            status: signal == 0 ? (status >> 8) & 0xff : 128 + signal,
            processorTime: usage.ru_utime.seconds + usage.ru_stime.seconds
        )
    }

    private static func variables(adding changes: [String: String]) -> [String] {
        var variables: [String] = []
        var next = environ
        while let variable = next.pointee {
            let text = String(cString: variable)
            if !changes.keys.contains(where: { text.hasPrefix("\($0)=") }) { variables.append(text) }
            next += 1
        }
        return variables + changes.map { "\($0)=\($1)" }
    }

    private static func pipe() throws -> (reading: Int32, writing: Int32) {
        var ends: [Int32] = [-1, -1]
        guard Glibc.pipe(&ends) == 0 else { throw BenchmarkError("no pipe: \(errno)") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (ends[0], ends[1])
    }
}
