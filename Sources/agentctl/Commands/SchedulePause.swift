import ArgumentParser
import Engine
import JSON
import Store

/// The command `agentctl schedules pause`.
struct SchedulePause: Command {
    static let configuration = CommandConfiguration(
        commandName: "pause",
        abstract: "Let a schedule begin nothing until it is resumed.",
        discussion: """
            What runs goes on. A new version of the schedule leaves it paused.

            EXAMPLE
              agentctl schedules pause daily-report
            """
    )

    @Argument(help: "The schedule's name.")
    var name: String

    @OptionGroup var options: GlobalOptions

    func run(on console: Console) async throws -> ExitStatus {
        try await withStore(\.conversations, on: console) { conversations in
            let isNew = try await conversations.pauseSchedule(name)
            if console.isJSON {
                console.print(["schedule": .string(name), "paused": true, "changed": .bool(isNew)])
            } else {
                console.note("schedule \"\(name)\" \(isNew ? "is paused" : "was paused already")")
            }
            return .done
        }
    }
}
