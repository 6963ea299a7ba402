import Conversation
import Engine
import Glibc
import JSON
import Orchestration
import Store

/// Runs a plan and shows how far it is: a line for each step that begins or ends, then what it came to.
struct PlanExecution {
    let plan: Int64
    let stores: Stores
    let engine: AgentEngine
    let console: Console

    /// Has an agent run the plan, or what is left of it, and waits for its end.
    ///
    /// - Returns: The exit status: done when the plan is completed.
    /// - Throws: ``CommandFailure`` or `StoreError` when it does not run.
    func start(
        agent: String? = nil,
        mode: ExecutionMode? = nil,
        maximumSteps: Int? = nil,
        outcomes: JSONObject = [:]
    ) async throws -> ExitStatus {
        let turn = try await stores.conversations.runPlan(
            plan,
            agent: agent,
            mode: mode?.rawValue,
            maximumSteps: maximumSteps,
            outcomes: outcomes
        )
        return try await follow(turn.seq, of: turn.conversation, after: 0)
    }

    /// Waits for the end of a plan that runs, and works on it here where no worker does.
    ///
    /// - Parameters:
    ///   - seq: Its turn.
    ///   - conversation: The turn's conversation.
    ///   - event: The last event that need not be shown.
    func follow(_ seq: Int64, of conversation: String, after event: Int64) async throws -> ExitStatus {
        let session = ConversationSession(conversation, engine: engine, stores: stores, console: console)
        var summary = try await wait(for: seq, of: conversation, after: event)
        let dialog = ApprovalDialog(store: stores.conversations, console: console)
        while summary.waitReason == .approval, isatty(STDIN_FILENO) == 1, !console.isJSON {
            let lastEvent = try await stores.conversations.lastEvent(of: conversation)
            guard try await dialog.decide(of: conversation, LineReader()) else { break }
            summary = try await wait(for: seq, of: conversation, after: lastEvent)
        }
        let report = try await stores.reports.planReport(id: plan).first ?? [:]
        if console.isJSON {
            var object = report
            object["plan_steps"] = .array(try await stores.reports.planSteps(plan).map { .object($0) })
            object["reply"] = summary.reply.map { .string($0) } ?? .null
            console.print(.object(object))
        } else if let reply = summary.reply {
            console.print(console.output.shown(reply))
        } else {
            console.print(console.output.shown(try await stores.conversations.planSummary(plan)))
            await session.printResult(summary)
            if summary.status == .waiting { console.note("then: agentctl plans run \(plan)") }
        }
        let isCompleted = report["state"]?.stringValue == "completed"
        if !isCompleted, summary.status != .waiting { console.note("to go on: agentctl plans run \(plan)") }
        guard summary.status == .succeeded else { return summary.exitStatus }
        return isCompleted ? .done : .failed
    }

    private func wait(for seq: Int64, of conversation: String, after event: Int64) async throws -> TurnSummary {
        let steps = try await stores.reports.planSteps(plan)
        let (events, continuation) = AsyncStream.makeStream(of: TurnEvent.self)
        let (client, console) = (engine.client, console)
        async let display: Void = PlanDisplay.show(events, of: steps, on: console)
        var follower = TreeFollower(conversation, in: stores.conversations, after: event)
        if event > 0 { try? await follower.resume(seq) }
        let tasks = TaskDisplay(follower, root: conversation, on: console)
        let result: Result<TurnSummary, any Error>
        do {
            result = .success(
                try await tasks.show(unless: console.isJSON) {
                    try await SignalInterruption.run {
                        try await client.wait(for: seq, of: conversation, after: event) { continuation.yield($0) }
                    }
                }
            )
        } catch let error as StoreError where error.code == .cancelled {
            let message = "no longer waiting; a worker that has the plan continues"
            result = .failure(CommandFailure(.interrupted, code: "interrupted", message))
        } catch {
            result = .failure(error)
        }
        continuation.finish()
        await display
        return try result.get()
    }
}
