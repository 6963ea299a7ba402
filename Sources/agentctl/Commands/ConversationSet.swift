import Agents
import ArgumentParser

/// The command `agentctl conversations set`.
struct ConversationSet: Command {
    static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Have another agent answer what follows.",
        discussion: """
            It holds for messages that are submitted after it.

            EXAMPLE
              agentctl conversations set 123 --agent Analyst
            """
    )

    @Argument(help: "The conversation.")
    var id: String

    @Option(help: ArgumentHelp("The agent.", valueName: "name"))
    var agent: String

    @OptionGroup var tools: ToolOptions
    @OptionGroup var options: GlobalOptions

    func run(on console: Console) async throws -> ExitStatus {
        let (id, agent) = (id, agent)
        return try await operate(on: id, console: console, tools: tools) { store throws(StoreError) in
            try await store.setAgent(agent, of: id)
        } sentence: { _ in
            Printable.text("conversation \(id) is answered by \(agent)")
        }
    }
}
