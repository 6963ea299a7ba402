import ArgumentParser
import Conversation
import Engine
import JSON
import Logging
import Store

internal import struct FoundationEssentials.UUID

/// The command `agentctl chains run`.
struct ChainRun: ToolCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run a chain and print what it came to.",
        discussion: """
            The run is a turn of a new conversation, as if a message had been sent to the chain: a running worker (agentctl work) \
            processes it, or this command itself where there is none. Ctrl-C interrupts it when it runs here.

            EXAMPLE
              agentctl chains run research 'electric ferries'
              agentctl chains run review-all --input '{"files": ["a.md", "b.md"]}'
            """
    )

    @Argument(help: "The chain's name.")
    var name: String

    @Argument(help: "What it is sent.")
    var message: String?

    @Option(help: ArgumentHelp("Structured input instead.", valueName: "json"))
    var input: String?

    @Option(help: ArgumentHelp("The conversation; a new one unless it is given.", valueName: "id"))
    var conversation: String?

    @OptionGroup var tools: ToolOptions

    @OptionGroup var options: GlobalOptions

    func validate() throws {
        guard (message == nil) != (input == nil) else { throw ValidationError("Give either a message or --input.") }
    }

    func run(on console: Console) async throws -> ExitStatus {
        let content = try SubmissionContent(message: message, input: input)
        let id = conversation ?? "\(name)-\(UUID().uuidString.prefix(8).lowercased())"
        return try await withStores(on: console) { stores in
            guard try await stores.reports.chainReport().contains(where: { $0["name"]?.stringValue == name }) else {
                throw CommandFailure(
                    .notFound,
                    code: "not_found",
                    "there is no chain \"\(name)\"",
                    hint: "See: agentctl chains list"
                )
            }
            console.note("run \(id)/1")
            return try await withEngine(stores, tools) { engine in
                try await ConversationSession(id, agent: name, engine: engine, stores: stores, console: console)
                    .send(content)
            }
        }
    }
}
