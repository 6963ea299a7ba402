import Conversation
import Engine
import JSON
import Store

/// Waits for a task, through all of its attempts; works on it here where no worker does.
struct TaskWait {
    let task: Int64
    let engine: AgentEngine
    let stores: Stores
    let console: Console

    private static let interval: Duration = .milliseconds(100)

    /// Waits until the task has ended, or needs an operator.
    ///
    /// - Throws: ``CommandFailure`` when it waits for other tasks and no worker runs; `StoreError`.
    func run() async throws {
        while true {
            guard let row = try await stores.reports.taskReport(.init(id: task), limit: 1).first,
                row["finished_at"]?.stringValue == nil
            else { return }
            guard let conversation = row["conversation_id"]?.stringValue, let seq = row["seq"]?.integerValue else {
                try await waitForOthers(row)
                continue
            }
            let client = engine.client
            let follower = TreeFollower(conversation, in: stores.conversations)
            let display = TaskDisplay(follower, root: conversation, showsRoot: true, on: console)
            let summary = try await display.show(unless: console.isJSON) {
                try await SignalInterruption.run {
                    try await client.wait(for: seq, of: conversation, after: 0) { _ in }
                }
            }
            if summary.status == .waiting { return }
        }
    }

    private func waitForOthers(_ row: JSONObject) async throws {
        guard try await stores.conversations.hasService() else {
            let names = row["depends_on"]?.arrayValue?.map(\.text).joined(separator: ", ") ?? ""
            throw CommandFailure(
                .failed,
                code: "pending",
                "task \(task) waits for the tasks \(names), and no worker runs",
                hint: "Run: agentctl work"
            )
        }
        try await Task.sleep(for: Self.interval)
    }
}
