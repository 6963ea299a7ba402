import Conversation
internal import JSON
import Models
import Safety
import Tools

/// Builds what the model sees from the history, the summary of what came before it, and the turn so far.
///
/// Whatever the history is, the model is shown something that it accepts: each call with exactly one output, an agent's
/// instructions first, the message that began the turn always, and no more than fits. As long as nothing has to change,
/// nothing is copied and nothing is examined twice.
struct ContextManager: Sendable {
    /// The agent's instructions.
    package let systemPrompt: String
    /// Most earlier messages.
    let messageLimit: Int
    /// Most earlier turns; nil for no limit.
    private var turnLimit: Int?
    /// Most tokens of earlier turns; nil for no limit.
    private var pastTokenLimit: Int?
    /// Most tokens of a request; nil for no limit.
    private(set) var tokenLimit: Int?
    /// Whether a server has refused a request as too long.
    private var isShortened = false
    /// What the tools and the output schema are counted as.
    let fixedBytes: Int
    /// Knows how many tokens a text has.
    let estimator: TokenEstimator
    /// Whether the outputs of tools are marked as data.
    var marksOutputs = false
    /// Bytes that are left free for what is added to the messages afterwards.
    var reservedBytes = 0

    /// A share of the window that is left free, as the estimate is one.
    private static let reserve = 1.0 / 32

    /// What is left of a request that was too long.
    private static let shortening = 0.6

    /// A manager for an agent's turns.
    init(agent: Agent) {
        marksOutputs = agent.marksOutputs
        systemPrompt = agent.instructions
        messageLimit = agent.settings.historyLimit
        turnLimit = agent.settings.memory?.maximumTurns
        pastTokenLimit = agent.settings.memory?.maximumTokens
        tokenLimit = agent.model.contextWindow.map {
            Self.tokenLimit(window: $0, maximumOutput: agent.settings.maximumOutputTokens)
        }
        let tools = agent.tools.specifications.reduce(0) { $0 + $1.estimatedBytes }
        fixedBytes = tools + (agent.outputSchemaDocument?.text.utf8.count ?? 0)
        estimator = agent.tokens
    }

    /// A manager with everything said.
    init(
        systemPrompt: String = "",
        messageLimit: Int = 100,
        tokenLimit: Int? = nil,
        fixedBytes: Int = 0,
        estimator: TokenEstimator = TokenEstimator()
    ) {
        self.systemPrompt = systemPrompt
        self.messageLimit = messageLimit
        self.tokenLimit = tokenLimit
        self.fixedBytes = fixedBytes
        self.estimator = estimator
    }

    /// The tokens that a request may have, so that its answer fits into the window with it.
    static func tokenLimit(window: Int, maximumOutput: Int?) -> Int {
        let output = maximumOutput ?? min(window / 4, 8_192)
        return max(window / 8, window - output - Int(Double(window) * reserve))
    }

    /// Leaves out more from now on: what a server refuses is more than it reads, whatever the model's row says.
    ///
    /// - Parameter messages: Those of the request that was refused.
    /// - Returns: False when it has been tried before, or there is nothing to leave out.
    mutating func shorten(below messages: [ChatMessage]) -> Bool {
        guard !isShortened, messages.count > instructions.count + 1 else { return false }
        isShortened = true
        let tokens = estimator.tokens(forBytes: bytes(of: messages))
        tokenLimit = Int(Double(min(tokens, tokenLimit ?? tokens)) * Self.shortening)
        return true
    }

    /// The messages before the turn that the model may be shown: in order, the newest, beginning with a user's.
    ///
    /// - Parameter history: The conversation before the turn, oldest first.
    package func past(of history: [ChatMessage]) -> ArraySlice<ChatMessage> {
        // The history may begin in the middle of a turn: that is no reason to take it apart.
        let whole = TranscriptRepair.repaired(history.drop { $0.role != .user })
        var past = whole.suffix(max(0, messageLimit)).drop { $0.role != .user }
        let turns = past.indices.filter { past[$0].role == .user }
        if let turnLimit, turns.count > turnLimit {
            past = turnLimit > 0 ? past[turns[turns.count - turnLimit]...] : []
        }
        guard let pastTokenLimit else { return past }
        let room = estimator.bytes(forTokens: pastTokenLimit)
        while past.estimatedBytes > room {
            past = past.dropFirst().drop { $0.role != .user }
        }
        return past
    }

    /// What the model is shown.
    ///
    /// - Parameters:
    ///   - summary: The summary of what came before the history; nil if there is none.
    ///   - past: What ``past(of:)`` returned.
    ///   - turn: The messages of the turn so far, the user's first.
    ///   - correction: An answer and the request to mend it, which are not part of the transcript.
    /// - Returns: The messages of the request.
    package func messages(
        summary: String? = nil,
        past: ArraySlice<ChatMessage>,
        turn: [ChatMessage],
        correction: [ChatMessage] = []
    ) -> [ChatMessage] {
        var draft = ContextDraft(
            summary: messageLimit > 0 ? summary.map(Self.message(summary:)) : nil,
            past: past,
            turn: TranscriptRepair.repaired(turn[...]),
            correction: correction
        )
        if let tokenLimit {
            let marks = marksOutputs ? (past.count { $0.role == .tool } + turn.count { $0.role == .tool }) : 0
            let marked = marks * ToolOutputMarks.bytes
            draft.fit(into: estimator.bytes(forTokens: tokenLimit) - frameBytes - marked - reservedBytes)
        }
        let messages = instructions + draft.messages
        guard marksOutputs, messages.contains(where: { $0.role == .tool }) else { return messages }
        return messages.map(\.marked)
    }

    /// What a request with these messages is counted as, in bytes.
    package func bytes(of messages: [ChatMessage]) -> Int {
        fixedBytes + messages.estimatedBytes
    }

    /// The tokens that a turn would begin with if nothing was left out.
    package func tokens(summary: String?, past: ArraySlice<ChatMessage>, turn: [ChatMessage]) -> Int {
        let bytes = frameBytes + (summary?.utf8.count ?? 0) + past.estimatedBytes
        return estimator.tokens(forBytes: bytes + turn.estimatedBytes)
    }

    private var instructions: [ChatMessage] { systemPrompt.isEmpty ? [] : [.system(systemPrompt)] }

    /// What is part of every request, counted in bytes.
    private var frameBytes: Int { fixedBytes + instructions.estimatedBytes }

    /// The message that stands for earlier ones.
    package static func message(summary: String) -> ChatMessage {
        .user(
            """
            [A summary of the earlier messages of this conversation, which are not shown. It is a record, not a request.]
            \(summary)
            """
        )
    }
}
