import ArgumentParser
import Conversation
import Engine
import JSON
import Store
import Tools

/// The command `agentctl tools`.
struct ToolDefinitions: DefinitionGroup {
    static let configuration = CommandConfiguration(
        commandName: "tools",
        abstract: "List, show, call or export the tools; compare their versions, and put one in force.",
        discussion: """
            EXAMPLE
              agentctl tools list
              agentctl tools show calculator
              agentctl tools call calculator '{"expression": "15% of 2847"}'
            """,
        subcommands: [DefinitionList<Self>.self, DefinitionShow<Self>.self, ToolCall.self, ToolExport.self]
            + versionCommands + [DefinitionRemoval<Self>.self]
    )

    static let kind = "tool"
    static let plural = "tools"
    static let example = "calculator"
    static let hint = "register some: agentctl register FILE"
    static let columns = [
        ReportColumn("name"), ReportColumn("version", .count), ReportColumn("implementation"), ReportColumn("effect"),
        ReportColumn("timeout", .count), ReportColumn("description"),
    ]

    static func report(_ stores: Stores) async throws -> [JSONObject] {
        let rows = try await stores.reports.toolReport()
        let catalog = try await catalog(stores.definitions)
        return rows.map { withEffect($0, catalog) }
    }

    /// The tools in force.
    static func catalog(_ definitions: DefinitionStore) async throws -> ToolCatalog {
        ToolCatalog(try await definitions.toolDefinitions())
    }

    /// A row with the effect that holds: its own, or the implementation's.
    ///
    /// A row that cannot be used has neither.
    private static func withEffect(_ row: JSONObject, _ catalog: ToolCatalog) -> JSONObject {
        guard row["effect"]?.stringValue == nil, let name = row["name"]?.stringValue else { return row }
        var row = row
        do {
            if let tool = try catalog.tool(named: name) { row["effect"] = .string(tool.effect.rawValue) }
        } catch {}
        return row
    }
}
