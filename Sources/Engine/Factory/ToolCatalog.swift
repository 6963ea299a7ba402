package import Conversation
package import Definitions
import Functions
package import Tools

/// The tools in force, to be used outside of an agent: by a person, or by other programs.
package struct ToolCatalog: Sendable {
    private let definitions: [String: ToolDefinition]
    private let functions: [String: any Tool]
    private let broken: [String: ToolError]
    private let factory = ToolFactory()

    /// The names of all tools, in order.
    package let names: [String]

    /// A catalog.
    ///
    /// - Parameter rows: The rows of the tools, and of the functions that pipelines call.
    package init(_ rows: [Definition]) {
        var definitions: [String: ToolDefinition] = [:]
        var functions: [String: any Tool] = [:]
        var broken: [String: ToolError] = [:]
        let cache = FunctionCache()
        for row in rows {
            do throws(ToolError) {
                if row.kind == "function" {
                    functions[row.name] = try cache.tool(for: row)
                    continue
                }
                definitions[row.name] = try ToolDefinition(
                    name: row.name,
                    versionID: row.versionID,
                    document: row.document
                )
            } catch {
                // Of a function the pipeline that calls it tells.
                if row.kind == "tool" { broken[row.name] = error }
            }
        }
        self.definitions = definitions
        self.functions = functions
        self.broken = broken
        names = rows.filter { $0.kind == "tool" }.map(\.name)
    }

    /// The registered names closest to an unknown one.
    ///
    /// - Parameter name: The name.
    package func nearest(to name: String) -> String? {
        nearestName(to: name, among: names)
    }

    /// Makes a tool.
    ///
    /// - Parameter name: Its name.
    /// - Returns: The tool; nil if there is none of the name.
    /// - Throws: ``ToolError/Code/configuration`` if its row, or that of a step, cannot be used.
    package func tool(named name: String) throws(ToolError) -> (any Tool)? {
        if let error = broken[name] { throw error }
        guard let definition = definitions[name] else { return nil }
        return try factory.tool(for: definition, among: definitions, functions: functions)
    }
}
