import Conversation
import JSON
package import Postgres

extension ClaimedSubmission {
    /// Reads a row of `agentctl.claim`.
    ///
    /// One submission that cannot be read must not cost the others that were claimed with it, nor come back for ever: it
    /// is claimed with a ``ClaimedSubmission/defect``.
    package init(row: PostgresRow, seq: String, lease: String) throws(PostgresError) {
        let read: (body: JSONValue, history: [JSONValue], progress: TurnProgress?, defect: String?)
        do throws(PostgresError) {
            let body: JSONValue = try row.decode("body")
            let messages: JSONValue? = try row.decode("history")
            let report: JSONValue? = try row.decode("progress")
            let progress = report.flatMap(TurnProgress.init(stored:))
            let defect = report != nil && progress == nil ? "what its turn has stored is not complete" : nil
            read = (body, messages?.arrayValue ?? [], progress, defect)
        } catch {
            read = (.null, [], nil, error.message)
        }
        let task: JSONValue? = try row.decode("task")
        let messages = read.history.compactMap { stored in
            ChatMessage(stored: stored).map { (stored[0]?.integerValue ?? 0, $0) }
        }
        self.init(
            conversation: try row.decode("conversation_id"),
            seq: try row.decode(seq),
            lease: try row.decode(lease),
            attempt: try row.decode("attempt"),
            operation: Operation(rawValue: try row.decode("operation")),
            body: read.body,
            agent: try row.decode("agent"),
            epoch: try row.decode("epoch"),
            submittedAt: try row.decode("submitted_at"),
            generation: try row.decode("generation"),
            settings: try row.decode("settings"),
            progress: read.progress,
            task: task.flatMap(TaskReport.init(stored:)),
            history: messages.map(\.1),
            historyNumbers: messages.map(\.0),
            summary: read.history.first.flatMap { $0[1] == "summary" ? $0[2]?.stringValue : nil },
            defect: read.defect
        )
    }
}
