import ArgumentParser
import Engine
import JSON
import Store

/// The command `agentctl schedules run`.
struct ScheduleRunNow: Command {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run a schedule now, whatever is due, paused or in progress.",
        discussion: """
            The turn or the task is printed; a worker does it. When the schedule is due next stays as it is.

            EXAMPLE
              agentctl schedules run daily-report
            """
    )

    @Argument(help: "The schedule's name.")
    var name: String

    @OptionGroup var options: GlobalOptions

    func run(on console: Console) async throws -> ExitStatus {
        try await withStore(\.conversations, on: console) { conversations in
            let run = try await conversations.runSchedule(name)
            switch (run, console.isJSON) {
            case (.submission(let conversation, let seq), true):
                console.print(["conversation": .string(conversation), "seq": .integer(seq)])
            case (.submission(let conversation, let seq), false): console.print("\(conversation)/\(seq)")
            case (.task(let task), true): console.print(["task": .integer(task)])
            case (.task(let task), false): console.print("\(task)")
            }
            if try await !conversations.hasService() { console.note("no worker runs; start one: agentctl work") }
            return .done
        }
    }
}
