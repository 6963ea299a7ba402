import ArgumentParser
import Engine
import JSON
import Store

/// The command `agentctl schedules resume`.
struct ScheduleResume: Command {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "End a schedule's pause.",
        discussion: """
            It is due next after now: what was due meanwhile is not made up for.

            EXAMPLE
              agentctl schedules resume daily-report
            """
    )

    @Argument(help: "The schedule's name.")
    var name: String

    @OptionGroup var options: GlobalOptions

    func run(on console: Console) async throws -> ExitStatus {
        try await withStore(\.conversations, on: console) { conversations in
            let next = try await conversations.resumeSchedule(name)
            if console.isJSON {
                console.print(["schedule": .string(name), "next_at": next.map { .string($0) } ?? .null])
            } else {
                console.note(
                    "schedule \"\(name)\" is due next \(next.map { FieldFormat.time.text(.string($0)) } ?? "never")"
                )
            }
            return .done
        }
    }
}
