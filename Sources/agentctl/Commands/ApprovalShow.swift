import ArgumentParser
import Engine
import JSON
import Store

/// The command `agentctl approvals show`.
struct ApprovalShow: Command {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show one request with the call's arguments and the rule that asks.",
        discussion: """
            EXAMPLE
              agentctl approvals show 17
            """
    )

    @Argument(help: "The approval's id.")
    var id: Int64

    @OptionGroup var options: GlobalOptions

    func run(on console: Console) async throws -> ExitStatus {
        try await withStore(\.conversations, on: console) { conversations in
            guard let approval = try await conversations.approvals(id: id, isPending: false, limit: 1).first else {
                throw CommandFailure(
                    .notFound,
                    code: "not_found",
                    "there is no approval \(id)",
                    hint: "See: agentctl approvals list --all"
                )
            }
            if console.isJSON {
                console.print(.object(approval))
            } else {
                for member in approval where member.value != .null {
                    console.print(
                        "\(member.key): \(console.output.shown(member.value.stringValue ?? member.value.text))"
                    )
                }
            }
            return .done
        }
    }
}
