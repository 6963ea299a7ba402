import ArgumentParser
import Engine
import JSON
import Store

/// The command `agentctl conversations show`.
struct ConversationShow: Command {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a conversation's turns, the tasks that they delegated, and the transcript.",
        discussion: """
            What was undone is marked, and a summary in force comes before the transcript. A conversation that waits says \
            for which approvals, calls in doubt or tasks, and one that runs, whether its worker is lost.

            EXAMPLE
              agentctl conversations show 123
              agentctl conversations show 123 --json | jq '.turns[-1].status'
            """
    )

    @Argument(help: "The conversation.")
    var id: String

    @Option(help: ArgumentHelp("How many turns, and how many messages, at most: the latest.", valueName: "count"))
    var limit = 100

    @OptionGroup var options: GlobalOptions

    func validate() throws {
        guard (1...100_000).contains(limit) else { throw ValidationError("--limit is between 1 and 100000.") }
    }

    func run(on console: Console) async throws -> ExitStatus {
        try await withStore(\.reports, on: console) { reports in
            guard let conversation = try await reports.conversationReport(id, limit: limit) else {
                throw CommandFailure(
                    .notFound,
                    code: "not_found",
                    "there is no conversation \"\(id)\"",
                    hint: "See: agentctl conversations list"
                )
            }
            if console.isJSON {
                console.print(.object(conversation))
            } else {
                show(conversation, on: console)
            }
            return .done
        }
    }

    private func show(_ conversation: JSONObject, on console: Console) {
        let fields = ["agent", "state", "finished", "pending", "messages"]
        let facts = fields.map { "\($0) \(FieldFormat.plain.text(conversation[$0] ?? .null))" }
        let heading = console.output.styled("conversation \(Printable.line(id))", .bold)
        console.print("\(heading)  \(facts.joined(separator: "  "))")
        if let task = conversation["task"]?.integerValue {
            let parent = conversation["parent"]?.stringValue.map { " of turn \(Printable.line($0))" } ?? ""
            console.print(console.output.styled("task \(task)\(parent)", .dim))
        }
        if let loss = conversation["worker_lost"]?.stringValue {
            console.print(console.output.styled(Printable.line(loss), .red))
        }
        if let waits = conversation["waits_for"]?.objectValue {
            let turn = waits["turn"]?.stringValue ?? ""
            let lines = WaitingLines(stream: console.output, given: console.given).lines(of: waits, turn: turn)
            for line in lines { console.print(line) }
        }
        let turns = conversation["turns"]?.arrayValue?.compactMap(\.objectValue) ?? []
        // Most conversations have nothing undone, and lines are short.
        let isUndone = turns.contains { $0["undone_by"]?.integerValue != nil }
        let columns = Self.columns + (isUndone ? [ReportColumn("undone_by", .count)] : [])
        if !turns.isEmpty { console.print("\n" + console.table(turns, columns)) }
        let tasks = conversation["tasks"]?.arrayValue?.compactMap(\.objectValue) ?? []
        if !tasks.isEmpty { console.print("\n" + console.table(tasks, Self.taskColumns)) }
        if let summary = conversation["summary"]?.objectValue { show(summary: summary, on: console) }
        let transcript = Transcript(conversation["transcript"]?.arrayValue ?? [])
        if !transcript.isEmpty { console.print("\n" + transcript.text(on: console.output)) }
    }

    /// Shows the summary that the model is shown in place of the oldest messages.
    private func show(summary: JSONObject, on console: Console) {
        let maker = summary["made_by"]?.stringValue == "model" ? "by the model" : "without a model"
        let last = summary["last_message"]?.text ?? ""
        let heading = "the model is shown this summary, made \(maker), in place of messages 1 to \(last):"
        let text = summary["text"]?.stringValue ?? ""
        console.print("\n\(console.output.styled(heading, .dim))\n\(console.output.shown(text))")
    }

    private static let columns = [
        ReportColumn("turn"), ReportColumn("status"), ReportColumn("agent"), ReportColumn("agent_version", .count),
        ReportColumn("model_calls", .count), ReportColumn("tool_calls", .count), ReportColumn("input_tokens", .count),
        ReportColumn("output_tokens", .count), ReportColumn("cost_usd", .money),
        ReportColumn("duration_ms", .milliseconds),
        ReportColumn("started_at", .time), ReportColumn("error_code"),
    ]

    private static let taskColumns = [
        ReportColumn("turn"), ReportColumn("task", .count), ReportColumn("agent"), ReportColumn("state"),
        ReportColumn("attempt", .count), ReportColumn("conversation_id"), ReportColumn("error_code"),
    ]
}
