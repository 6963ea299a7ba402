import Conversation
import JSON
package import Postgres

extension ClaimedSubmission {
    /// Reads a row of `agentctl.claim`.
    ///
    /// One submission that cannot be read must not cost the others that were claimed with it, nor come back for ever: it
    /// is claimed with a ``ClaimedSubmission/defect``.
    package init(row: PostgresRow, seq: String, lease: String) throws(PostgresError) {
        let read: (body: JSONValue, past: PastMessages, progress: TurnProgress?, defect: String?)
        do throws(PostgresError) {
            let body: JSONValue = try row.decode("body")
            let messages: JSONValue? = try row.decode("history")
            let report: JSONValue? = try row.decode("progress")
            let progress = report.flatMap(TurnProgress.init(stored:))
            let defect = report != nil && progress == nil ? "what its turn has stored is not complete" : nil
            read = (body, PastMessages(stored: messages ?? []), progress, defect)
        } catch {
            read = (.null, .sent([], summary: nil), nil, error.message)
        }
        let task: JSONValue? = try row.decode("task")
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
            lastMessage: try row.decode("last_message"),
            history: read.past,
            defect: read.defect
        )
    }
}
