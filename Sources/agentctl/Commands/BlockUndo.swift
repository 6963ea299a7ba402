import ArgumentParser
import Engine
import JSON
import Store

/// The command `agentctl blocks undo`.
struct BlockUndo: Command {
    static let configuration = CommandConfiguration(
        commandName: "undo",
        abstract: "Take back the last edit of a block, or return to a version.",
        discussion: """
            An undo is a new version: undone twice, a block stands as it did before.

            EXAMPLE
              agentctl blocks undo project
              agentctl blocks undo project --to 3
            """
    )

    @OptionGroup var block: BlockOptions

    @Option(help: ArgumentHelp("The version to return to; the one before without it.", valueName: "number"))
    var to: Int?

    @Option(help: ArgumentHelp("The version that you have seen; refused if there is a newer one.", valueName: "number"))
    var version: Int?

    @OptionGroup var options: GlobalOptions

    func run(on console: Console) async throws -> ExitStatus {
        try await withStores(on: console) { stores in
            var edit: JSONObject = ["do": "undo"]
            edit["version"] = to.map { .integer(Int64($0)) }
            let edited = try await stores.definitions.editBlock(
                block.label,
                edit,
                version: version,
                conversation: block.conversation,
                user: block.user,
                account: block.account
            )
            BlockEdit.print(edited, on: console)
            return .done
        }
    }
}
