import ArgumentParser
import Engine
import JSON
import Store

/// The command `agentctl tasks cancel`.
struct TaskCancel: Command {
    static let configuration = CommandConfiguration(
        commandName: "cancel",
        abstract: "Stop a task, and all that it has delegated.",
        discussion: """
            EXAMPLE
              agentctl tasks cancel 17
            """
    )

    @Argument(help: "The task's number.")
    var id: Int64

    @OptionGroup var options: GlobalOptions

    func run(on console: Console) async throws -> ExitStatus {
        try await withStore(\.conversations, on: console) { conversations in
            let hasEnded = try await conversations.cancelTask(id)
            if console.isJSON {
                console.print(["task": .integer(id), "ended": .bool(hasEnded)])
            } else {
                console.note("task \(id) is \(hasEnded ? "cancelled" : "being stopped")")
            }
            return .done
        }
    }
}
