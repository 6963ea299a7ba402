import Agents
import JSON

/// Sends messages to one conversation and shows what becomes of them.
struct ConversationSession {
    let client: ConversationClient
    let conversation: String
    let agent: String?
    let console: Console

    /// Sends a message, shows the turn as it goes, and says how it ended.
    ///
    /// - Returns: The exit status that the turn's end stands for.
    /// - Throws: ``CommandFailure`` or `StoreError` when there was no turn.
    func send(_ content: SubmissionContent, idempotencyKey: String? = nil) async throws -> ExitStatus {
        let (events, continuation) = AsyncStream.makeStream(of: TurnEvent.self)
        let (client, conversation, agent, console) = (client, conversation, agent, console)
        async let display: Void = TurnDisplay.show(events, on: console)
        let result: Result<TurnSummary, any Error>
        do {
            result = .success(
                try await SignalInterruption.run {
                    try await client.send(content, to: conversation, agent: agent, idempotencyKey: idempotencyKey) {
                        continuation.yield($0)
                    }
                }
            )
        } catch let error as StoreError where error.code == .cancelled {
            let message = "no longer waiting; a worker that has the message goes on"
            result = .failure(CommandFailure(.interrupted, code: "interrupted", message))
        } catch {
            result = .failure(error)
        }
        continuation.finish()
        await display
        let summary = try result.get()
        if console.isJSON { console.printLine(summary.json) } else { report(summary) }
        return summary.exitStatus
    }

    private func report(_ summary: TurnSummary) {
        let turn = "\(summary.conversation)/\(summary.seq)"
        switch summary.status {
        case .succeeded: return
        case .interrupted: console.messages.write("interrupted\n")
        case .limited:
            console.report(
                CommandFailure(
                    .failed,
                    code: "limited",
                    "turn \(turn) reached the limit \(summary.limitReached ?? "of its agent")",
                    hint: "See: agentctl trace \(turn)"
                )
            )
        case .waiting:
            let message = summary.errorMessage ?? "it waits for a person"
            console.report(
                CommandFailure(
                    .failed,
                    code: summary.errorCode ?? "waiting",
                    "turn \(turn) waits: \(message)",
                    hint: "Find out, and say so: agentctl conversations resolve \(turn) --call 1 happened "
                        + "(or did_not_happen, or run_again)"
                )
            )
        case .failed:
            let message = summary.errorMessage ?? summary.errorCode ?? "it failed"
            console.report(
                CommandFailure(
                    summary.exitStatus,
                    code: summary.errorCode ?? "failed",
                    "turn \(turn) failed: \(message)",
                    hint: "See: agentctl trace \(turn)"
                )
            )
        }
    }
}
