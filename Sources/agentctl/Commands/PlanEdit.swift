import ArgumentParser
import Engine
import Glibc
import JSON
import Store

/// The command `agentctl plans edit`.
struct PlanEdit: Command {
    static let configuration = CommandConfiguration(
        commandName: "edit",
        abstract: "Replace the steps of a plan that does not run yet.",
        discussion: """
            The steps are a list in YAML or JSON, as agentctl plans show --steps prints it. Each edit is a revision, and has to \
            be approved again.

            EXAMPLE
              agentctl plans show 7 --steps > steps.json
              agentctl plans edit 7 steps.json
            """
    )

    @Argument(help: "The plan's number.")
    var id: Int64

    @Argument(help: "The file with the steps, or - for stdin.", completion: .file(extensions: ["json", "yaml"]))
    var file: String

    @OptionGroup var options: GlobalOptions

    func run(on console: Console) async throws -> ExitStatus {
        let isInput = file == "-"
        let bytes =
            isInput
            ? try InputFile.read(STDIN_FILENO, name: "<stdin>", limit: DocumentSource.maximumBytes)
            : try InputFile.read(file, limit: DocumentSource.maximumBytes)
        let loaded = DocumentSource(name: isInput ? "<stdin>" : file, bytes: bytes).load()
        guard loaded.mistakes.isEmpty else {
            throw CommandFailure(.refused, code: "invalid", "the steps cannot be read", mistakes: loaded.mistakes)
        }
        let steps = loaded.documents.map(\.value)
        return try await withStores(on: console) { stores in
            let revision = try await stores.conversations.editPlan(id, steps: .array(steps))
            try await PlanShow.print(id, from: stores, on: console)
            console.note("plan \(id), revision \(revision); approve it: agentctl plans approve \(id)")
            return .done
        }
    }
}
