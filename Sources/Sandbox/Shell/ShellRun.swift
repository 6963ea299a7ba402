import CSandbox
import Glibc
import JSON
import Reactor

/// A command line from when it was asked for until it ended; touched on the reactor's thread only.
final class ShellRun {
    let id: UInt64
    let call: ShellCall
    let onOutput: @Sendable (String) -> Void
    let complete: (Result<ShellOutcome, SandboxError>) -> Void

    var started: ShellProgram.Started?
    var isolation = Isolation.namespaces
    var start: ContinuousClock.Instant?
    var deadline: ReactorTimer?
    var outputWatch: ReactorWatch?
    var endWatch: ReactorWatch?
    var killed: RunningCall.Kill?
    var memory: MemoryWatch
    var memoryLook: ReactorTimer?
    var disk: DiskWatch?

    private var knownFirst: (number: pid_t, handle: Descriptor)?
    private var mark: UInt8?
    private var text = ""
    private var chunks = TextChunks()
    private var outputBytes = 0
    private var isOutputCut = false

    init(
        id: UInt64,
        call: ShellCall,
        onOutput: @escaping @Sendable (String) -> Void,
        complete: @escaping (Result<ShellOutcome, SandboxError>) -> Void
    ) {
        self.id = id
        self.call = call
        self.onOutput = onOutput
        self.complete = complete
        memory = MemoryWatch(limit: call.limits.memoryBytes)
    }

    /// Kills it with all that it started; the first reason counts.
    func kill(_ reason: RunningCall.Kill) {
        guard let started else { return }
        if killed == nil { killed = reason }
        guard isolation == .namespaces else {
            // It leads a session of its own; nothing better holds what it started.
            _ = Glibc.kill(-started.process.process, SIGKILL)
            return started.process.kill()
        }
        // Process 1 of the namespace rather than bubblewrap, which then can say what all of it used.
        guard let first, csandbox_signal(first.handle.number, SIGKILL) == 0 else { return started.process.kill() }
    }

    /// Process 1 of the namespace; nil when bubblewrap has not come that far.
    var first: (number: pid_t, handle: Descriptor)? {
        if knownFirst == nil, let started { knownFirst = Self.first(started) }
        return knownFirst
    }

    private static func first(_ started: ShellProgram.Started) -> (number: pid_t, handle: Descriptor)? {
        var buffer = [UInt8](repeating: 0, count: 1_024)
        let count = read(started.information.number, &buffer, buffer.count)
        guard count > 0, let information = try? JSONValue(parsing: buffer.prefix(count)),
            let number = information["child-pid"]?.integerValue
        else { return nil }
        let handle = csandbox_handle(pid_t(number))
        return handle < 0 ? nil : (pid_t(number), Descriptor(handle))
    }

    /// Whether the sandbox stands, and the command is about to begin or has begun.
    var isReady: Bool {
        lookForMark()
        return mark == ShellProgram.readyMark
    }

    /// Whether the sandbox stands, and its directory cannot be entered.
    private var lacksDirectory: Bool {
        lookForMark()
        return mark == ShellProgram.directoryMark
    }

    private func lookForMark() {
        var byte: UInt8 = 0
        if mark == nil, let started, read(started.mark.number, &byte, 1) == 1 { mark = byte }
    }

    /// Takes what was printed.
    ///
    /// - Returns: Whether there was something, and more may come.
    func readOutput(_ buffer: inout [UInt8]) -> Bool {
        guard let started else { return false }
        let count = read(started.output.number, &buffer, buffer.count)
        guard count > 0 else { return false }
        let room = max(0, call.limits.outputBytes - outputBytes)
        emit(chunks.append(buffer[..<min(count, room)]))
        outputBytes += count
        if count > room {
            isOutputCut = true
            kill(.output)
        }
        return true
    }

    /// What the command printed; what is printed before the sandbox stands comes from what makes it.
    private var printed: String { isReady ? text : "" }

    private func emit(_ chunk: String) {
        guard !chunk.isEmpty else { return }
        text += chunk
        onOutput(chunk)
    }

    /// Its outcome, when it and all that it started are gone.
    func result(_ ending: Ending?) -> Result<ShellOutcome, SandboxError> {
        emit(chunks.finish())
        switch killed {
        case .cancelled:
            return .failure(SandboxError(.cancelled, "the command was cancelled and killed", output: printed))
        case .shutDown:
            return .failure(SandboxError(.shutdown, "the sandbox was shut down", output: printed))
        default: break
        }
        if killed == nil, lacksDirectory {
            let directory = call.directory
            return .failure(
                SandboxError(.invalid, "there is no directory \"\(directory)\" in the workspace that can be entered")
            )
        }
        if killed == nil, !isReady {
            let advice = StartAdvice.text(text, user: nil)
            return .failure(SandboxError(.unavailable, "the command was not run: \(advice)"))
        }
        var outcome = ShellOutcome(
            .killed,
            output: text,
            isOutputCut: isOutputCut,
            duration: .now - (start ?? .now),
            processorTime: ending?.processorTime ?? .zero,
            peakMemoryBytes: ending?.peakMemoryBytes ?? 0
        )
        switch killed {
        case .timeout: outcome.exitReason = .timeout
        case .memory: outcome.exitReason = .memory
        case .output: outcome.exitReason = .output
        case .disk:
            outcome.exitReason = .output
            outcome.message = call.limits.diskMessage
        default:
            outcome.exitCode = ending?.code
            outcome.exitReason = ending?.code.map { $0 == 0 ? .ok : .error } ?? .killed
        }
        return .success(outcome)
    }
}
