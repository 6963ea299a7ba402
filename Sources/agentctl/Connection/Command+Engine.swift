import Engine
import Logging
import Store
import Tools

extension AgentEngine {
    /// An engine of the command line.
    ///
    /// - Parameters:
    ///   - stores: The database.
    ///   - options: What tools may see, and whether code may run that nothing holds back; nil for no and nothing.
    ///   - logger: Where it logs.
    /// - Throws: `ToolError` when the workspace cannot be opened.
    init(stores: Stores, options: ToolOptions?, logger: Logger) throws(ToolError) {
        try self.init(
            stores: stores,
            workspace: options?.workspace,
            isUnsandboxed: options?.isUnsandboxed ?? false,
            isBoundToWorkspace: true,
            logger: logger
        )
    }
}

extension Command {
    /// Lends an engine for as long as `body` runs.
    ///
    /// - Parameters:
    ///   - stores: The database.
    ///   - tools: What tools may see, and whether code may run that nothing holds back; nil for no and nothing.
    ///   - body: Must not keep the engine.
    /// - Returns: What `body` returns.
    /// - Throws: What `body` throws, or `ToolError` when the workspace cannot be opened.
    func withEngine<Result>(
        _ stores: Stores,
        _ tools: ToolOptions? = nil,
        _ body: (AgentEngine) async throws -> Result
    ) async throws -> Result {
        let engine = try AgentEngine(stores: stores, options: tools, logger: logger(.warning))
        do {
            let result = try await body(engine)
            await engine.shutdown()
            return result
        } catch {
            await engine.shutdown()
            throw error
        }
    }
}
