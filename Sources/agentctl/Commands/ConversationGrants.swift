import ArgumentParser
import Engine
import Store

/// The command `agentctl conversations grants`.
struct ConversationGrants: ListCommand {
    static let configuration = CommandConfiguration(
        commandName: "grants",
        abstract: "List which database roles may read which conversations.",
        discussion: """
            What conversations grant has granted: for a reader all, for others those of their own conversations, and what \
            they may read themselves. A role that is no more is not in force.

            EXAMPLE
              agentctl conversations grants
              agentctl conversations grants web_app/order:7 --json
              agentctl conversations grant web_app/order:7 --to support --remove
            """
    )

    @Argument(help: "Only of this conversation.")
    var id: String?

    @OptionGroup var list: ListOptions
    @OptionGroup var options: GlobalOptions

    func run(on console: Console) async throws -> ExitStatus {
        try await withStore(\.reports, on: console) { reports in
            console.print(
                try await reports.conversationGrants(of: id),
                [
                    ReportColumn("conversation_id"), ReportColumn("role"), ReportColumn("is_in_force"),
                    ReportColumn("granted_at", .time), ReportColumn("granted_by"),
                ],
                whenEmpty: id == nil
                    ? "no conversation is granted to a role"
                    : "the conversation is granted to no role: agentctl conversations grant ID --to ROLE"
            )
            return .done
        }
    }
}
