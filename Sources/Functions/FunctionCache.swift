package import Conversation
package import Definitions
internal import Synchronization
package import Tools

/// Keeps functions compiled, by the id of their version, which never changes.
package final class FunctionCache: Sendable {
    private let functions = Mutex<[Int64: CompiledFunction]>([:])
    private let capacity: Int

    /// A cache.
    ///
    /// - Parameter capacity: Versions that are kept at most; beyond it the cache starts anew.
    package init(capacity: Int = 1_000) {
        self.capacity = max(1, capacity)
    }

    /// The function of a version.
    ///
    /// - Throws: ``ToolError/Code/configuration`` when it cannot be used.
    package func function(_ definition: @autoclosure () -> FunctionDefinition, versionID: Int64) throws(ToolError)
        -> CompiledFunction
    {
        if let known = cached(versionID) { return known }
        let compiled = try CompiledFunction(definition())
        functions.withLock { functions in
            if functions.count >= capacity { functions.removeAll() }
            functions[versionID] = compiled
        }
        return compiled
    }

    /// The function of a version as a tool of an agent.
    ///
    /// - Throws: ``ToolError/Code/configuration`` when it cannot be used.
    package func tool(for row: Definition) throws(ToolError) -> any Tool {
        let function = try function(FunctionDefinition(row), versionID: row.versionID)
        guard function.definition.effect == .sql else { return FunctionTool(function: function) }
        return SQLFunctionTool(function: function)
    }

    /// The function of a version, if it is kept.
    package func cached(_ versionID: Int64) -> CompiledFunction? {
        functions.withLock { $0[versionID] }
    }
}
