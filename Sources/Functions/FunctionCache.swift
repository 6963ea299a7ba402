package import Conversation
package import Definitions
package import Postgres
internal import Synchronization
package import Tools

/// Keeps functions compiled, by the id of their version, which never changes.
///
/// Only a database that has lost its last commits gives the ids of their versions out again.
package final class FunctionCache: Sendable {
    private struct Entry {
        let function: CompiledFunction
        /// The connections at which its row was last read.
        var connections: PostgresConnectionChanges?
    }

    private let functions = Mutex<[Int64: Entry]>([:])
    private let capacity: Int

    /// A cache.
    ///
    /// - Parameter capacity: Versions that are kept at most; beyond it the cache starts anew.
    package init(capacity: Int = 1_000) {
        self.capacity = max(1, capacity)
    }

    /// The function of a version.
    ///
    /// - Parameters:
    ///   - definition: The row, as it was just read.
    ///   - connections: How often connections had changed before it was read; nil if unknown.
    /// - Throws: ``ToolError/Code/configuration`` when it cannot be used.
    package func function(
        _ definition: FunctionDefinition,
        readAt connections: PostgresConnectionChanges? = nil
    ) throws(ToolError) -> CompiledFunction {
        let id = definition.versionID
        let known = functions.withLock { $0[id]?.function }
        let function: CompiledFunction
        if let known, known.definition == definition {
            function = known
        } else {
            function = try CompiledFunction(definition)
        }
        functions.withLock { functions in
            if functions[id] == nil, functions.count >= capacity { functions.removeAll() }
            functions[id] = Entry(function: function, connections: connections ?? functions[id]?.connections)
        }
        return function
    }

    /// The function of a version as a tool of an agent.
    ///
    /// - Throws: ``ToolError/Code/configuration`` when it cannot be used.
    package func tool(for row: Definition) throws(ToolError) -> any Tool {
        let function = try function(FunctionDefinition(row))
        guard function.definition.effect == .sql else { return FunctionTool(function: function) }
        return SQLFunctionTool(function: function)
    }

    /// The function of a version, if it is kept and no connection has changed since its row was read.
    package func cached(_ versionID: Int64, at connections: PostgresConnectionChanges) -> CompiledFunction? {
        functions.withLock { functions in
            guard let entry = functions[versionID], entry.connections == connections else { return nil }
            return entry.function
        }
    }
}
