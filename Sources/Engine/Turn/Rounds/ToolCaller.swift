import Conversation
import Safety
import Store
import Tools

/// Makes the calls of a round.
struct ToolCaller: Sendable {
    private let turn: TurnEnvironment
    private let recorder = CallRecorder()
    /// What tools see of the conversation.
    private let messages: [ChatMessage]
    /// Whether what tools print is shown to followers as it comes.
    private let streamsOutputs: Bool
    /// How long calls may take that have a limit besides that of their tool, by their ids.
    private let timeouts: [String: Duration]

    init(
        turn: TurnEnvironment,
        messages: ArraySlice<ChatMessage>,
        streamsOutputs: Bool,
        timeouts: [String: Duration]
    ) {
        self.turn = turn
        self.timeouts = timeouts
        self.messages = Array(messages)
        self.streamsOutputs = streamsOutputs
    }

    /// Makes calls at once.
    ///
    /// - Parameter cost: What the turn has cost so far in USD.
    func call(_ calls: [(index: Int, call: ToolCallRecord)], cost: Double) async -> [ToolRound.Ran] {
        let history = CallHistory(turn: turn, calls: [], cost: cost)
        let contexts = calls.map { call in
            var context = context(of: call.call)
            let policy = turn.agent.policy
            context.pathRules = policy.pathRules(for: history.proposal(of: call.call, besides: []))
            context.pathRulesOfStep = { policy.pathRules(for: history.proposal(of: $0, with: $1)) }
            return context
        }
        let requests = zip(calls, contexts).map { ($0.call.request, $1) }
        let tools = turn.agent.tools
        // Not on the worker's loop; what takes the processor for a while moves to threads of its own.
        let results = await withTaskExecutorPreference(globalConcurrentExecutor) { await tools.call(requests) }
        return calls.indices.map { number in
            let gate = contexts[number].gate
            return ToolRound.Ran(
                index: calls[number].index,
                result: results[number],
                isRefused: gate?.hasRefused == true,
                hasPassed: gate?.hasPassed == true
            )
        }
    }

    /// Makes a call in the transaction that holds the conversation.
    func call(
        _ call: (index: Int, call: ToolCallRecord),
        in conversation: HeldConversation
    ) async throws -> ToolRound.Ran {
        let context = context(of: call.call)
        let result = try await conversation.attempt { connection in
            await turn.agent.tools.call(call.call.request, in: context, within: connection)
        }
        return ToolRound.Ran(index: call.index, result: result)
    }

    /// What calls did inside since the last time.
    func drain() -> (calls: [FunctionCallRecord], events: [SecurityEventRecord]) {
        recorder.drain()
    }

    /// What tools have to know of the agent's memory.
    private var memory: ToolMemory {
        let (agent, settings) = (turn.agent, turn.agent.settings.memory)
        return ToolMemory(
            collection: settings?.collection ?? "default",
            isSearched: settings != nil || agent.toolImplementations.values.contains("remember"),
            inside: agent.insideTools,
            // What the turn is shown is stored with its end: the database does not know of it yet.
            isTainted: messages.haveOutside(besides: agent.insideTools)
                || turn.claim.memories?.found.contains { $0.trust == .untrusted } == true
        )
    }

    /// Where and for whom a call is made.
    private func context(of call: ToolCallRecord) -> ToolContext {
        let (emit, streamsOutputs, id) = (turn.emit, streamsOutputs, call.request.id)
        let end = turn.start.advanced(by: turn.agent.settings.timeout)
        var context = ToolContext(
            conversationID: turn.claim.conversation,
            turnSequence: turn.claim.seq,
            agent: turn.agent.name,
            callID: id,
            services: turn.services,
            recorder: recorder,
            onOutput: { text in if streamsOutputs { emit(.toolOutput(id: id, text: text)) } },
            deadline: timeouts[id].map { min(end, .now.advanced(by: $0)) } ?? end,
            messages: messages
        )
        let (queries, root) = (turn.services.queries, turn.claim.task?.root ?? turn.claim.conversation)
        if let queries {
            context.asker = .asked { () async throws(ToolError) in
                do throws(StoreError) {
                    return ToolAsker(user: try await queries.user(of: root), conversation: root)
                } catch {
                    throw ToolError(.failed, "For whom the tool is called cannot be found out: \(error.message)")
                }
            }
        }
        context.idempotencyKey = call.idempotencyKey
        context.memory = memory
        if call.effect == .unsafe { context.gate = turn.journal.gate() }
        return context
    }
}

extension [ChatMessage] {
    /// Whether there is an output of another tool than these, or one that shows what is not trusted.
    func haveOutside(besides inside: [String]) -> Bool {
        var names: [String: String] = [:]
        for message in self {
            for call in message.toolCalls { names[call.id] = call.name }
            guard message.role == .tool else { continue }
            let name = message.toolCallID.flatMap { names[$0] } ?? message.name
            if !inside.contains(name ?? "") || message.content.contains(RecalledMemory.untrustedMark) { return true }
        }
        return false
    }
}
