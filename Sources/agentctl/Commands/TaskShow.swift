import ArgumentParser
import Engine
import JSON
import Store

/// The command `agentctl tasks show`.
struct TaskShow: Command {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a task with its place in the tree, its attempts and what ended it.",
        discussion: """
            EXAMPLE
              agentctl tasks show 17
            """
    )

    @Argument(help: "The task's number.")
    var id: Int64

    @OptionGroup var options: GlobalOptions

    func run(on console: Console) async throws -> ExitStatus {
        try await withStores(on: console) { stores in
            guard let task = try await stores.reports.taskReport(.init(id: id), limit: 1).first else {
                throw CommandFailure(
                    .notFound,
                    code: "not_found",
                    "there is no task \(id)",
                    hint: "See: agentctl tasks list"
                )
            }
            if console.isJSON {
                console.print(.object(task))
            } else {
                for member in task where member.value != .null && member.value != [] {
                    console.print("\(member.key): \(console.output.shown(FieldFormat.plain.text(member.value)))")
                }
            }
            return .done
        }
    }
}
