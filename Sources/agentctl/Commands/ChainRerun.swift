import ArgumentParser
import Engine
import JSON
import Logging
import Store

/// The command `agentctl chains rerun`.
struct ChainRerun: ToolCommand {
    static let configuration = CommandConfiguration(
        commandName: "rerun",
        abstract: "Run a chain again from a node, with what came before it.",
        discussion: """
            The run goes on in a new conversation. Visits that do not follow from that of the node are copied and not run again. \
            What the first run has done outside stays, and is listed.

            EXAMPLE
              agentctl chains rerun topic-2/1 --from review
              agentctl chains rerun topic-2/1 --from write#2 --set draft='a better one' --set score:=0.9
            """
    )

    @Argument(help: ArgumentHelp("The run: conversation/seq.", valueName: "run"))
    var turn: TurnName

    @Option(help: ArgumentHelp("The node: NODE for its last visit, or NODE#VISIT.", valueName: "node"))
    var from: NodeName

    @Option(
        name: .customLong("set"),
        help: ArgumentHelp("State that the node sees instead: KEY=TEXT, or KEY:=JSON; may be given more than once.")
    )
    var changes: [String] = []

    @Option(help: ArgumentHelp("The new conversation.", valueName: "id"))
    var conversation: String?

    @OptionGroup var tools: ToolOptions

    @OptionGroup var options: GlobalOptions

    func validate() throws {
        _ = try KeyedValues.object(changes, option: "--set")
    }

    func run(on console: Console) async throws -> ExitStatus {
        let changes = try KeyedValues.object(changes, option: "--set")
        return try await withStores(on: console) { stores in
            let rerun = try await stores.conversations.rerunChain(
                turn.conversation,
                turn.seq,
                from: from.name,
                visit: from.visit,
                changes: changes,
                as: conversation
            )
            let id = rerun["conversation"]?.stringValue ?? ""
            console.note("run \(id)/1, with \(rerun["copied"]?.integerValue ?? 0) visits copied")
            for effect in rerun["effects"]?.arrayValue ?? [] {
                console.note(
                    "the first run has called \(effect["tool"]?.stringValue ?? "") (\(effect["turn"]?.stringValue ?? ""))"
                )
            }
            return try await withEngine(stores, tools) { engine in
                let session = ConversationSession(id, engine: engine, stores: stores, console: console)
                let summary = try await session.goOn(1, after: 0)
                await session.printResult(summary)
                return summary.exitStatus
            }
        }
    }
}
