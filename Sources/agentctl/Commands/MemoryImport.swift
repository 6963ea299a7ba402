import ArgumentParser
import Engine
import Glibc
import JSON
import Store

/// The command `agentctl memory import`.
struct MemoryImport: Command {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Store memories of a file with a JSON object a line, all or nothing.",
        discussion: """
            Each has content, and may have key, metadata, importance, trust, kind, collection, account, agent, user_id and \
            expires_at, as export prints them. One that is of a conversation alone is refused: it would be seen by others. What was forgotten here stays forgotten. For owners.

            EXAMPLE
              agentctl memory import ada.jsonl
              agentctl memory export --collection old | agentctl memory import -
            """
    )

    @Argument(help: "The file, or - for stdin.", completion: .file())
    var file: String

    @OptionGroup var options: GlobalOptions

    private static let maximumBytes = 64 << 20

    func run(on console: Console) async throws -> ExitStatus {
        let memories = try memories()
        return try await withStore(\.conversations, on: console) { conversations in
            let result = try await conversations.importMemories(memories)
            if console.isJSON {
                console.print(.object(result))
            } else {
                let forgotten = result["forgotten"]?.integerValue ?? 0
                console.print("imported \(result["imported"]?.integerValue ?? 0)")
                if forgotten > 0 { console.note("\(forgotten) stay forgotten") }
            }
            return .done
        }
    }

    private func memories() throws -> [JSONValue] {
        let bytes =
            file == "-"
            ? try InputFile.read(STDIN_FILENO, name: "<stdin>", limit: Self.maximumBytes)
            : try InputFile.read(file, limit: Self.maximumBytes)
        let name = file == "-" ? "<stdin>" : file
        var result: [JSONValue] = []
        for (index, line) in bytes.split(separator: 10, omittingEmptySubsequences: false).enumerated()
        where line.contains(where: { $0 > 32 }) {
            do throws(JSONParseError) {
                result.append(try JSONValue(parsing: Array(line)))
            } catch {
                throw CommandFailure(.refused, code: "invalid", "\(name):\(index + 1): is not JSON: \(error.message)")
            }
        }
        return result
    }
}
