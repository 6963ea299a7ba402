import ArgumentParser
import Engine
import JSON
import Store

/// The command `agentctl memory show`.
struct MemoryShow: Command {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a memory: who sees it, where it comes from, what it says.",
        discussion: """
            EXAMPLE
              agentctl memory show 12
            """
    )

    @Argument(help: "The memory's number.")
    var id: Int64

    @OptionGroup var options: GlobalOptions

    func run(on console: Console) async throws -> ExitStatus {
        try await withStore(\.reports, on: console) { reports in
            guard let memory = try await reports.memoryReport(id: id, limit: 1).first else {
                throw CommandFailure(unknownMemory: id)
            }
            if console.isJSON {
                console.print(.object(memory))
            } else {
                for member in memory where member.value != .null && member.value != [:] {
                    console.print("\(member.key): \(console.output.shown(FieldFormat.plain.text(member.value)))")
                }
            }
            return .done
        }
    }
}

extension CommandFailure {
    /// That there is no such memory, or that it is another account's.
    init(unknownMemory id: Int64) {
        self.init(.notFound, code: "not_found", "there is no memory \(id)", hint: "See: agentctl memory list")
    }
}
