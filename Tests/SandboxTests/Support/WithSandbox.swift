import JSON
import Logging
import Sandbox

/// Runs `body` with a sandbox, which is shut down afterwards.
func withSandbox<Result>(
    _ configuration: SandboxConfiguration = .init(),
    _ body: (Sandbox) async throws -> Result
) async throws -> Result {
    let sandbox = Sandbox(configuration, logger: Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() })
    let result: Swift.Result<Result, any Error>
    do { result = .success(try await body(sandbox)) } catch { result = .failure(error) }
    await sandbox.shutdown()
    return try result.get()
}

extension Sandbox {
    /// Runs a script that may import everything and has no safe mode.
    func script(
        _ source: String,
        workspace: WorkspaceGrant = .none,
        limits: SandboxLimits = SandboxLimits(timeout: .seconds(20))
    ) async throws -> PythonOutcome {
        let call = PythonCall(
            .script,
            source: source,
            allowedImports: ["*"],
            isSafeMode: false,
            workspace: workspace,
            limits: limits
        )
        return try await run(call)
    }
}

extension PythonOutcome {
    /// The parsed result; nil if there is none.
    var value: JSONValue? { result.flatMap { try? $0.value() } }
}
