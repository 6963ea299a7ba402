import ArgumentParser
import Engine
import JSON
import Store

/// The command `agentctl functions`.
struct FunctionDefinitions: DefinitionGroup {
    static let configuration = CommandConfiguration(
        commandName: "functions",
        abstract: "List, show, call, test and compare stored functions.",
        discussion: """
            Functions are stored with agentctl register, from documents of the kind function. Agents that name them call \
            them as tools; in SQL: SELECT agentctl.call_function('add', '{"left": 1}')

            EXAMPLE
              agentctl functions list
              agentctl functions run add '{"left": 1, "right": 2}'
              agentctl functions test
            """,
        subcommands: [
            DefinitionList<Self>.self, DefinitionShow<Self>.self, FunctionRun.self, FunctionTest.self,
        ] + versionCommands + [DefinitionRemoval<Self>.self]
    )

    static let kind = "function"
    static let plural = "functions"
    static let example = "add"
    static let hint = "register some: agentctl register FILE"
    static let columns = [
        ReportColumn("name"), ReportColumn("version", .count), ReportColumn("access"), ReportColumn("language"),
        ReportColumn("effect"), ReportColumn("timeout", .count), ReportColumn("examples", .count),
        ReportColumn("description"),
    ]

    static func report(_ stores: Stores) async throws -> [JSONObject] {
        try await stores.reports.functionReport()
    }
}
