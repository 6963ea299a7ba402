import Conversation
package import JSON
import Models

/// The first request of a turn, as it would be sent, with about how many tokens each part has.
package struct PromptPreview: Sendable {
    /// The turn, as CONVERSATION/SEQ.
    package let turn: String
    private let agent: Agent
    private let request: ModelRequest
    private let summary: String?
    private let numbers: [Int64?]
    private let isTooFull: Bool

    /// - Parameters:
    ///   - request: The request.
    ///   - claim: The claim whose turn sends it.
    ///   - agent: The agent of the turn.
    ///   - own: How many of the messages are the turn's own.
    ///   - isTooFull: Whether the oldest messages would be summarized before.
    init(_ request: ModelRequest, of claim: ClaimedSubmission, by agent: Agent, own: Int, isTooFull: Bool) {
        turn = "\(claim.conversation)/\(claim.seq)"
        (self.agent, self.request, self.isTooFull) = (agent, request, isTooFull)
        summary = claim.summary.map { ContextManager.message(summary: $0).content }
        let earlier = claim.numbers(of: request.messages.dropLast(own))
        numbers = earlier + Array(repeating: nil, count: request.messages.count - earlier.count)
    }

    /// The request: `turn`, `agent`, `agent_version`, `model`, `tokens` of all and `context_window`, `is_compacted_first`,
    /// `messages` (`number` within the conversation, `role`, `content`, `tool_calls`, `tool_call_id`, `is_summary`,
    /// `tokens`), `tools` (`name`, `description`, `input_schema`, `tokens`), `output_schema` and `settings`.
    package var json: JSONObject {
        let messages = zip(request.messages, numbers).map { message, number in
            JSONValue.object([
                "number": number.map { .integer($0) } ?? .null,
                "role": .string(message.role.rawValue),
                "is_summary": .bool(message.role == .user && message.content == summary),
                "content": .string(message.content),
                "tool_calls": .array(
                    message.toolCalls.map {
                        ["id": .string($0.id), "name": .string($0.name), "arguments": .string($0.arguments)]
                    }
                ),
                "tool_call_id": message.toolCallID.map { .string($0) } ?? .null,
                "tokens": .integer(Int64(agent.tokens.tokens(forBytes: message.estimatedBytes))),
            ])
        }
        let tools = request.tools.map { tool in
            JSONValue.object([
                "name": .string(tool.name), "description": .string(tool.description),
                "input_schema": (try? JSONValue(parsing: tool.inputSchema.string)) ?? .null,
                "tokens": .integer(Int64(agent.tokens.tokens(forBytes: tool.estimatedBytes))),
            ])
        }
        let bytes = ContextManager(agent: agent).bytes(of: request.messages)
        return [
            "turn": .string(turn),
            "agent": .string(agent.name),
            "agent_version": .integer(Int64(agent.version)),
            "model": .string(agent.model.name),
            "tokens": .integer(Int64(agent.tokens.tokens(forBytes: bytes))),
            "context_window": agent.model.contextWindow.map { .integer(Int64($0)) } ?? .null,
            "is_compacted_first": .bool(isTooFull),
            "messages": .array(messages),
            "tools": .array(tools),
            "output_schema": request.outputSchema ?? .null,
            "settings": .object(
                JSONObject().adding("temperature", request.temperature).adding("top_p", request.topP)
                    .adding("presence_penalty", request.presencePenalty)
                    .adding("frequency_penalty", request.frequencyPenalty)
                    .adding("max_output_tokens", request.maximumOutputTokens)
            ),
        ]
    }
}

extension ToolSpecification {
    /// What the tool is counted as in a request.
    var estimatedBytes: Int { name.utf8.count + description.utf8.count + inputSchema.string.utf8.count }
}

extension Turn {
    /// The first request of the turn, whose input no guardrail has inspected.
    mutating func preview() -> PromptPreview {
        let claim = environment.claim
        if !transcript.hasStoredInput { transcript.append(input: claim.content, of: claim.seq, isChanged: false) }
        let turn = transcript.messages
        let isTooFull = transcript.modelCalls == 0 && !transcript.isStored && context.isTooFull(with: turn)
        return PromptPreview(request(), of: claim, by: agent, own: turn.count, isTooFull: isTooFull)
    }
}

extension TurnLoop {
    /// The first request of a turn; nothing is sent.
    ///
    /// - Parameters:
    ///   - claim: The turn's claim, which need not hold.
    ///   - journal: Is not written to.
    /// - Returns: Nil of a chain: its nodes' agents have turns of their own.
    /// - Throws: ``AgentError`` when there is no such agent, or it cannot be built here.
    func preview(_ claim: ClaimedSubmission, journal: TurnJournal) async throws(AgentError) -> PromptPreview? {
        try refuse(claim)
        let agent = try await agent(for: claim)
        guard agent.chain == nil else { return nil }
        let environment = TurnEnvironment(
            agent: agent,
            claim: await remembering(claim, for: agent, journal),
            services: services,
            journal: journal,
            start: .now
        ) { _ in }
        var turn = Turn(environment, registry: registry)
        await turn.rehearseBlocks()
        return turn.preview()
    }
}
