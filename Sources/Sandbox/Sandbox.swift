import JSON
public import Logging
import Synchronization

/// Runs untrusted code under the kernel's enforcement.
///
/// A Python call runs in a worker of its own: a process that is forked ahead of need from an interpreter with the
/// standard library loaded, seals itself, runs the one call, answers and is killed. A command line runs in a sandbox of
/// its own. What a call started is gone when it returns.
public final class Sandbox: Sendable {
    private let engine: SandboxEngine
    private let lastCall = Atomic<UInt64>(0)
    private let hasEnded = Atomic(false)
    private let configuration: SandboxConfiguration
    /// Why nothing is run: an examination found a layer broken.
    private let refusal = Mutex<SandboxError?>(nil)

    /// A sandbox; nothing is started before the first call.
    ///
    /// - Parameters:
    ///   - configuration: How code is run on this machine.
    ///   - logger: Where it says what happens.
    public init(_ configuration: SandboxConfiguration = .init(), logger: Logger) {
        self.configuration = configuration
        engine = SandboxEngine(configuration, logger: logger)
        if configuration.enforcement == .none { UnsafeNotice.log(to: logger) }
    }

    deinit {
        engine.run { $0.shutDown {} }
    }

    /// Calls into Python code.
    ///
    /// - Parameter call: What to call.
    /// - Returns: The outcome, whatever the code did.
    /// - Throws: ``SandboxError`` when the code was not run, or the calling task was cancelled.
    public func run(_ call: PythonCall) async throws(SandboxError) -> PythonOutcome {
        try refuse()
        return try await submit(PythonRequest(action: .run(call))).outcome
    }

    /// Looks at a module's text in a worker, without executing it.
    ///
    /// - Parameters:
    ///   - source: The module's text.
    ///   - entryPoint: The function that has to be there; nil for a script.
    ///   - allowedImports: Modules that it may import.
    ///   - isSafeMode: Whether forbidden constructs are problems.
    /// - Throws: ``SandboxError`` when that cannot be done.
    public func check(
        _ source: String,
        entryPoint: String?,
        allowedImports: [String],
        isSafeMode: Bool
    ) async throws(SandboxError) -> PythonModule {
        try refuse()
        let action = PythonRequest.Action.check(
            source: source,
            entryPoint: entryPoint,
            allowedImports: allowedImports,
            isSafeMode: isSafeMode
        )
        return try PythonModule(await submit(PythonRequest(action: action)))
    }

    /// Runs a command line.
    ///
    /// - Parameters:
    ///   - call: The command line.
    ///   - onOutput: Told what is printed, as it comes; it must not block.
    /// - Returns: The outcome.
    /// - Throws: ``SandboxError`` when it was not run, or the calling task was cancelled.
    public func run(
        _ call: ShellCall,
        onOutput: @escaping @Sendable (String) -> Void = { _ in }
    ) async throws(SandboxError) -> ShellOutcome {
        try refuse()
        return try await submit(call, onOutput: onOutput)
    }

    private func submit(
        _ call: ShellCall,
        onOutput: @escaping @Sendable (String) -> Void
    ) async throws(SandboxError) -> ShellOutcome {
        let id = lastCall.wrappingAdd(1, ordering: .relaxed).newValue
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                engine.run { engine in
                    engine.submit(
                        ShellRun(id: id, call: call, onOutput: onOutput) { continuation.resume(returning: $0) }
                    )
                }
                // The handler may have run before the command was there.
                if Task.isCancelled { engine.run { $0.cancelShell(id) } }
            }
        } onCancel: {
            engine.run { $0.cancelShell(id) }
        }
        return try result.get()
    }

    /// Attacks each layer in a real worker and a real command line, and says which held.
    ///
    /// When one gives way, nothing is run from then on. It takes some tenths of a second.
    public func examine() async -> (level: SandboxLevel, layers: [SandboxLayer]) {
        guard configuration.enforcement == .required else {
            return (.none, [SandboxLayer("enforcement", .missing, "somebody chose to run code without a sandbox")])
        }
        let report = await Examination(runner: runner, configuration: configuration).report()
        refuse(after: report)
        return (report.level, report.layers)
    }

    /// Refuses calls from now on if an examination found a layer broken.
    func refuse(after report: ExaminationReport) {
        let error = report.complaint.map { SandboxError(.unavailable, "the sandbox does not hold: \($0)") }
        refusal.withLock { $0 = error }
    }

    private func refuse() throws(SandboxError) {
        if let error = refusal.withLock({ $0 }) { throw error }
    }

    /// Calls that are run also when others are refused.
    private var runner: Examination.Runner {
        Examination.Runner(
            python: { call in
                do throws(SandboxError) {
                    return .success(try await self.submit(PythonRequest(action: .run(call))).outcome)
                } catch {
                    return .failure(error)
                }
            },
            shell: { call in
                do throws(SandboxError) {
                    return .success(try await self.submit(call, onOutput: { _ in }))
                } catch {
                    return .failure(error)
                }
            },
            machine: {
                await withCheckedContinuation { continuation in
                    self.engine.run { continuation.resume(returning: $0.machine) }
                }
            }
        )
    }

    /// Starts the interpreter and the first workers, so that the first call does not wait for them.
    public func warmUp() async throws(SandboxError) {
        try await withCheckedContinuation { continuation in
            engine.run { $0.warmUp { continuation.resume(returning: $0) } }
        }.get()
    }

    /// Whether ``shutdown()`` was called.
    public var isShutDown: Bool { hasEnded.load(ordering: .acquiring) }

    /// Kills everything that runs and waits until it is gone.
    ///
    /// Calls that run or wait fail with ``SandboxError/Code/shutdown``; so do those that come later.
    public func shutdown() async {
        hasEnded.store(true, ordering: .releasing)
        await withCheckedContinuation { continuation in
            engine.run { $0.shutDown { continuation.resume() } }
        }
    }

    private func submit(_ request: PythonRequest) async throws(SandboxError) -> RunningCall.Finding {
        let id = lastCall.wrappingAdd(1, ordering: .relaxed).newValue
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                engine.run { $0.submit(id, request) { continuation.resume(returning: $0) } }
                // The handler may have run before the call was there.
                if Task.isCancelled { engine.run { $0.cancel(id) } }
            }
        } onCancel: {
            engine.run { $0.cancel(id) }
        }
        return try result.get()
    }
}
