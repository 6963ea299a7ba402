import ArgumentParser
import Engine
import JSON
import Store

/// The command `agentctl models`.
struct ModelDefinitions: DefinitionGroup {
    static let configuration = CommandConfiguration(
        commandName: "models",
        abstract: "List, show and try the models; compare their versions, and put one in force.",
        discussion: """
            EXAMPLE
              agentctl models list
              agentctl models show offline
              agentctl models test gpt
            """,
        subcommands: [DefinitionList<Self>.self, DefinitionShow<Self>.self, ModelTest.self] + versionCommands + [
            DefinitionRemoval<Self>.self
        ]
    )

    static let kind = "model"
    static let plural = "models"
    static let example = "offline"
    static let hint = "register some: agentctl register FILE"
    static let columns = [
        ReportColumn("name"), ReportColumn("version", .count), ReportColumn("provider"), ReportColumn("model"),
        ReportColumn("endpoint"), ReportColumn("base_url"), ReportColumn("api_key_env"), ReportColumn("description"),
    ]

    static func report(_ stores: Stores) async throws -> [JSONObject] {
        try await stores.reports.modelReport()
    }
}
