import ArgumentParser
import Engine
import JSON
import Store

/// The command `agentctl memory forget`.
struct MemoryForget: Command {
    static let configuration = CommandConfiguration(
        commandName: "forget",
        abstract: "Delete memories for good.",
        discussion: """
            Versions, vectors and what turns were shown of it go as well, and neither a rule nor an import brings it back. What \
            was said stays in the transcript, and the answer says where: agentctl conversations rm deletes that.

            Each memory is forgotten by itself; the exit code is that of the first one that could not be.

            EXAMPLE
              agentctl memory forget 12 13
            """
    )

    @Argument(help: "The memories' numbers.")
    var ids: [Int64]

    @OptionGroup var options: GlobalOptions

    func run(on console: Console) async throws -> ExitStatus {
        try await withStore(\.conversations, on: console) { conversations in
            var status = ExitStatus.done
            for id in ids {
                do throws(StoreError) {
                    let forgotten = try await conversations.forget(id)
                    if console.isJSON {
                        console.printLine(.object(forgotten))
                        continue
                    }
                    let source = forgotten["conversation_id"]?.stringValue.map { conversation in
                        let turn = forgotten["seq"]?.integerValue.map { "/\($0)" } ?? ""
                        return "; what was said stays in \(Printable.text(conversation))\(turn)"
                    }
                    console.note("memory \(id) is forgotten\(source ?? "")")
                } catch {
                    let failure = CommandFailure(error)
                    console.report(failure)
                    if status == .done { status = failure.status }
                    guard error.code != .unreachable, error.code != .cancelled else { break }
                }
            }
            return status
        }
    }
}
