public import Logging

/// Runs untrusted code under the kernel's enforcement.
public final class Sandbox: Sendable {
    /// A sandbox; nothing is started before the first call.
    ///
    /// - Parameters:
    ///   - configuration: How code is run on this machine.
    ///   - logger: Where it says what happens.
    public init(_ configuration: SandboxConfiguration = .init(), logger: Logger) {}

    /// Calls into Python code.
    ///
    /// - Parameter call: What to call.
    /// - Returns: What came of it, whatever the code did.
    /// - Throws: ``SandboxError`` when the code was not run, or the calling task was cancelled.
    public func run(_ call: PythonCall) async throws(SandboxError) -> PythonOutcome {
        throw SandboxError(.unavailable, "not yet")
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
        throw SandboxError(.unavailable, "not yet")
    }

    /// Runs a command line.
    ///
    /// - Parameters:
    ///   - call: The command line.
    ///   - onOutput: Told what is printed, as it comes; it must not block.
    /// - Returns: What came of it.
    /// - Throws: ``SandboxError`` when it was not run, or the calling task was cancelled.
    public func run(
        _ call: ShellCall,
        onOutput: @escaping @Sendable (String) -> Void = { _ in }
    ) async throws(SandboxError) -> ShellOutcome {
        throw SandboxError(.unavailable, "not yet")
    }

    /// Attacks each layer and says which held; what calls are refused for.
    public func examine() async -> (level: SandboxLevel, layers: [SandboxLayer]) {
        (.none, [])
    }

    /// Starts the interpreter and the first workers, so that the first call does not wait for them.
    public func warmUp() async throws(SandboxError) {}

    /// Kills everything that runs and waits until it is gone.
    public func shutdown() async {}
}
