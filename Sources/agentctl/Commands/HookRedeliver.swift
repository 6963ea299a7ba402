import ArgumentParser
import Engine
import JSON
import Store

/// The command `agentctl hooks redeliver`.
struct HookRedeliver: Command {
    static let configuration = CommandConfiguration(
        commandName: "redeliver",
        abstract: "Have a delivery sent again, under the same id.",
        discussion: """
            For one that is dead, and for one that the receiver has lost. A hook that was stopped by 410 is sent to again.

            EXAMPLE
              agentctl hooks redeliver 17
            """
    )

    @Argument(help: "The delivery's number.")
    var id: Int64

    @OptionGroup var options: GlobalOptions

    func run(on console: Console) async throws -> ExitStatus {
        try await withStore(\.conversations, on: console) { conversations in
            let webhook = try await conversations.redeliver(id)
            if console.isJSON {
                console.print(["delivery": .integer(id), "webhook_id": .string(webhook)])
            } else {
                console.note("delivery \(id) is sent again, as \(webhook)")
            }
            return .done
        }
    }
}
