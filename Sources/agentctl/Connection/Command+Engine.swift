import Engine
import Logging
import Store

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
