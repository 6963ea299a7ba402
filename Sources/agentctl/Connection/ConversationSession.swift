import Conversation
import Engine
import JSON
import Store

/// Sends messages to one conversation and shows what becomes of them.
struct ConversationSession {
    let client: ConversationClient
    let conversation: String
    let agent: String?
    let console: Console
    let store: ConversationStore
    /// Whether an agent's name is that of a chain, as far as this process has read it.
    private let isChain: @Sendable (String) async -> Bool
    /// How long turns are waited for; nil for as long as they take.
    var timeout: Duration?
    /// The queue of what is sent; nil for that of its agent.
    var queue: String?
    /// The end user that a new conversation is for; nil for none.
    var user: String?

    /// A session that processes its turns itself where no worker does.
    ///
    /// - Parameters:
    ///   - conversation: The conversation's id.
    ///   - agent: The agent of what is sent; nil for the conversation's own.
    ///   - engine: Lent for as long as the session lasts.
    ///   - stores: The database.
    ///   - console: Where turns are shown.
    init(
        _ conversation: String,
        agent: String? = nil,
        engine: AgentEngine,
        stores: Stores,
        console: Console
    ) {
        self.client = engine.client
        self.conversation = conversation
        self.agent = agent
        self.console = console
        self.store = stores.conversations
        let registry = engine.registry
        isChain = { name in (try? await registry.agent(named: name, epoch: 0))?.chain != nil }
    }

    /// Sends a message, shows the turn as it goes, and says how it ended.
    ///
    /// - Returns: The exit status that the turn's end stands for.
    /// - Throws: ``CommandFailure`` or `StoreError` when there was no turn.
    func send(_ content: SubmissionContent, idempotencyKey: String? = nil) async throws -> ExitStatus {
        let summary = try await converse(content, idempotencyKey: idempotencyKey)
        await printResult(summary)
        return summary.exitStatus
    }

    /// Sends a message and shows the turn as it goes.
    ///
    /// - Returns: How it ended, or what it waits for.
    /// - Throws: As ``send(_:idempotencyKey:)``.
    func converse(_ content: SubmissionContent, idempotencyKey: String? = nil) async throws -> TurnSummary {
        let (client, conversation, agent, queue, user) = (client, conversation, agent, queue, user)
        let accepted: AcceptedSubmission
        do {
            accepted = try await SignalInterruption.run {
                try await client.submit(
                    content,
                    to: conversation,
                    agent: agent,
                    idempotencyKey: idempotencyKey,
                    queue: queue,
                    user: user
                )
            }
        } catch let error as StoreError {
            throw CommandFailure(unsent: error, to: conversation, hasKey: idempotencyKey != nil)
        }
        do {
            return try await show(after: accepted.lastEvent, byWorker: accepted.hasService) { emit in
                try await client.wait(for: accepted, of: conversation, emit: emit)
            }
        } catch {
            throw CommandFailure(error).ofStored("\(conversation)/\(accepted.seq)")
        }
    }

    /// Shows a turn that resumes after a decision.
    ///
    /// - Parameters:
    ///   - seq: The turn.
    ///   - lastEvent: The last event before it went on.
    /// - Returns: How it ended, or what it waits for.
    /// - Throws: As ``send(_:idempotencyKey:)``.
    func goOn(_ seq: Int64, after lastEvent: Int64) async throws -> TurnSummary {
        let (client, conversation) = (client, conversation)
        return try await show(after: lastEvent, resuming: seq) { emit in
            try await client.wait(for: seq, of: conversation, after: lastEvent, emit: emit)
        }
    }

    private func show(
        after event: Int64,
        resuming turn: Int64? = nil,
        byWorker: Bool = false,
        _ work: @escaping @Sendable (@escaping @Sendable (TurnEvent) -> Void) async throws -> TurnSummary
    ) async throws -> TurnSummary {
        let (events, continuation) = AsyncStream.makeStream(of: TurnEvent?.self)
        let (console, timeout) = (console, timeout)
        var follower = TreeFollower(conversation, in: store, after: event)
        if let turn { try? await follower.resume(turn) }
        // What a worker does is read anyway, and only that says who answers.
        let tasks = TaskDisplay(follower, root: conversation, mayHaveTasks: byWorker || turn != nil, on: console)
        let questions = NewsQuestions()
        async let display: Void = TurnDisplay.show(events, tasks, questions, isChain: isChain, on: console)
        async let _: Void = TaskDisplay.tick { if questions.mayAsk() { continuation.yield(nil) } }
        let result: Result<TurnSummary, any Error>
        do {
            result = .success(
                try await SignalInterruption.run {
                    try await SendTimeout.run(timeout, isCutOff: { $0.status == .interrupted }) {
                        try await work { continuation.yield($0) }
                    }
                }
            )
        } catch let error as StoreError where error.code == .cancelled {
            let message = "no longer waiting; a worker that has the message continues"
            result = .failure(CommandFailure(.interrupted, code: "interrupted", message))
        } catch {
            result = .failure(error)
        }
        continuation.finish()
        await display
        return try result.get()
    }

    /// Prints how a turn ended.
    func printResult(_ summary: TurnSummary) async {
        if console.isJSON { console.printLine(summary.json) } else { await report(summary) }
    }

    private func report(_ summary: TurnSummary) async {
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
            console.report(
                CommandFailure(
                    summary.exitStatus,
                    code: summary.errorCode ?? "waiting",
                    "turn \(turn) waits: \(summary.errorMessage ?? "for a person")",
                    hint: await hint(for: summary, turn)
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

    private func hint(for summary: TurnSummary, _ turn: String) async -> String {
        switch summary.errorCode {
        case TurnSummary.unservedCode:
            // What this command has, such as its workspace, is not what the first turn that waits needs.
            return "It is stored. Start a worker (agentctl work) that has it; see: agentctl workers --unserved"
        case TurnSummary.noWorkerCode:
            return
                "It is stored, and the next worker that serves it answers: have one started, then see: agentctl trace "
                + turn
        default: break
        }
        switch summary.waitReason {
        case .inDoubt:
            return
                "Find out, and say so: agentctl conversations resolve \(turn) happened (or did_not_happen, or run_again)"
        case .tasks: return "See: agentctl tasks list --tree \(turn)"
        case .model: return "The model is asked again by itself. See: agentctl trace \(turn)"
        case .approval, nil: return await approvalHint(of: summary.conversation)
        }
    }

    /// What this user can do about the calls that wait for an approval: decide, or see who does.
    private func approvalHint(of conversation: String) async -> String {
        let waiting = (try? await store.approvals(conversation: conversation, isPending: true, limit: 100)) ?? []
        guard let first = waiting.first, waiting.allSatisfy({ $0["may_decide"]?.boolValue == false }) else {
            return "See: agentctl approvals list; then: agentctl approvals approve ID, or deny ID"
        }
        return "It is \(WaitingLines.deciders(of: .object(first))). See: agentctl approvals list"
    }
}
