import FoundationEssentials
import Glibc
import JSON
import Logging
import Sandbox
import SandboxProbe
import TestSupport

/// Runs `body` with a sandbox, which is shut down afterwards.
func withSandbox<Result>(
    _ configuration: SandboxConfiguration = .init(),
    _ body: (Sandbox) async throws -> Result
) async throws -> Result {
    let sandbox = Sandbox(configuration, logger: .silent)
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

/// Runs `body` with a workspace that untrusted code may write, and a sandbox that has it.
func withWorkspace<Result>(_ body: (_ path: String, Sandbox) async throws -> Result) async throws -> Result {
    try await withTemporaryDirectory { path in
        try FileManager.default.createDirectory(atPath: "\(path)/sub", withIntermediateDirectories: false)
        try "hello\n".write(toFile: "\(path)/note.txt", atomically: false, encoding: .utf8)
        if geteuid() == 0 {
            for file in [path, "\(path)/sub", "\(path)/note.txt"] { _ = chown(file, 65_534, 65_534) }
        }
        return try await withSandbox(SandboxConfiguration(workspace: path)) { try await body(path, $0) }
    }
}
