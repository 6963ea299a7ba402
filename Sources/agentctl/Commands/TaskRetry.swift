import ArgumentParser
import Engine
import JSON
import Store

/// The command `agentctl tasks retry`.
struct TaskRetry: Command {
    static let configuration = CommandConfiguration(
        commandName: "retry",
        abstract: "Try a dead or cancelled task again.",
        discussion: """
            The next agent that has the capabilities gets it, or the one that is named. What an earlier attempt has done is not \
            undone: agentctl tasks show lists it as effects.

            EXAMPLE
              agentctl tasks retry 17
              agentctl tasks retry 17 --agent Searcher
            """
    )

    @Argument(help: "The task's number.")
    var id: Int64

    @Option(name: .shortAndLong, help: ArgumentHelp("The agent that is to do it.", valueName: "name"))
    var agent: String?

    @OptionGroup var options: GlobalOptions

    func run(on console: Console) async throws -> ExitStatus {
        try await withStore(\.conversations, on: console) { conversations in
            let attempt = try await conversations.retryTask(id, agent: agent)
            if console.isJSON {
                console.print(["task": .integer(id), "attempt": .integer(attempt)])
            } else {
                console.note("task \(id) is tried again, attempt \(attempt); see: agentctl tasks show \(id)")
            }
            return .done
        }
    }
}
