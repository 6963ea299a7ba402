import ArgumentParser
import Engine
import Store

/// The command `agentctl blocks list`.
struct BlockList: ListCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the blocks: those that are shared, and of the others each that was shown or edited.",
        discussion: """
            EXAMPLE
              agentctl blocks list --json | jq '.[] | {label, value}'
            """
    )

    @OptionGroup var list: ListOptions
    @OptionGroup var options: GlobalOptions

    func run(on console: Console) async throws -> ExitStatus {
        try await withStores(on: console) { stores in
            let none = "there are no blocks yet; \(Blocks.hint)"
            console.print(try await Blocks.report(stores), Blocks.columns, whenEmpty: none)
            return .done
        }
    }
}
