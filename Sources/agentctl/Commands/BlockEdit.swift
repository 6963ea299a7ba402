import ArgumentParser
import Engine
import Glibc
import JSON
import Store

/// The command `agentctl blocks edit`.
struct BlockEdit: Command {
    /// Bytes of a file that is read at most: the largest limit of a block in characters of four bytes.
    private static let mostBytes = 400_000

    static let configuration = CommandConfiguration(
        commandName: "edit",
        abstract: "Edit a block: replace a piece of it, add lines, or write it anew from a file.",
        discussion: """
            Name the version that you have seen, and the edit is refused when somebody has changed the block since.

            EXAMPLE
              agentctl blocks edit project --replace ada --with bob
              agentctl blocks edit project --add "Due in May."
              agentctl blocks edit project --file project.txt --version 7
            """
    )

    @OptionGroup var block: BlockOptions

    @Option(help: ArgumentHelp("A piece to replace, which stands in it once; together with --with.", valueName: "text"))
    var replace: String?

    @Option(help: ArgumentHelp("What stands in its place.", valueName: "text"))
    var with: String?

    @Option(help: ArgumentHelp("Lines to add at the end, or after --line.", valueName: "text"))
    var add: String?

    @Option(help: ArgumentHelp("The line after which they are added; 0 for the beginning.", valueName: "number"))
    var line: Int?

    @Option(
        help: ArgumentHelp("The file with the whole new text, or - for stdin.", valueName: "path"),
        completion: .file()
    )
    var file: String?

    @Option(help: ArgumentHelp("The version that you have seen.", valueName: "number"))
    var version: Int?

    @OptionGroup var options: GlobalOptions

    func validate() throws {
        guard [replace, add, file].count(where: { $0 != nil }) == 1 else {
            throw ValidationError("One of --replace, --add and --file says what is to be done.")
        }
        guard (replace == nil) == (with == nil) else { throw ValidationError("--replace needs --with.") }
        guard line == nil || add != nil && version != nil else {
            throw ValidationError("--line is for --add, and needs --version: lines are counted in what you have seen.")
        }
    }

    func run(on console: Console) async throws -> ExitStatus {
        let edit = try edit()
        return try await withStores(on: console) { stores in
            let edited = try await stores.definitions.editBlock(
                block.label,
                edit,
                version: version,
                conversation: block.conversation,
                user: block.user,
                account: block.account
            )
            Self.print(edited, on: console)
            return .done
        }
    }

    private func edit() throws -> JSONObject {
        if let replace { return ["do": "replace", "old_text": .string(replace), "new_text": .string(with ?? "")] }
        if let add {
            var edit: JSONObject = ["do": "insert", "new_text": .string(add)]
            edit["line"] = line.map { .integer(Int64($0)) }
            return edit
        }
        let bytes =
            file == "-"
            ? try InputFile.read(STDIN_FILENO, name: "<stdin>", limit: Self.mostBytes)
            : try InputFile.read(file ?? "", limit: Self.mostBytes)
        guard var text = String(validating: bytes, as: UTF8.self) else {
            let name = file == "-" ? "<stdin>" : file ?? ""
            throw CommandFailure(.refused, code: "invalid", "\(name) is not text in UTF-8")
        }
        // Editors end the last line; the block has none.
        if text.hasSuffix("\n") { text.removeLast() }
        return ["do": "rethink", "new_text": .string(text)]
    }

    /// Prints what an edit has made of a block.
    static func print(_ edited: JSONValue, on console: Console) {
        guard !console.isJSON else { return console.print(edited) }
        let label = edited["label"]?.stringValue ?? ""
        let (version, limit) = (edited["version"]?.integerValue ?? 0, edited["limit"]?.integerValue ?? 0)
        let characters = edited["value"]?.stringValue?.unicodeScalars.count ?? 0
        let name = console.output.shown(label)
        console.print("block \(name) has version \(version), \(characters) of \(limit) characters")
    }
}
