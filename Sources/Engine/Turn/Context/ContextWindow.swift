import Conversation
internal import Logging
import Models
import Store

/// What the model is shown of a conversation in one turn: a summary, earlier messages, and the turn itself.
struct ContextWindow: Sendable {
    private var manager: ContextManager
    private let settings: AgentSettings
    private let window: Int?
    /// The messages before the turn that the model may be shown.
    private(set) var past: ArraySlice<ChatMessage>
    /// The same, as the model is shown them.
    private var shownPast: ArraySlice<ChatMessage>
    /// What stands for those before them.
    private var summary: String?
    /// What stands before the turn's message of what is remembered.
    private let memories: [RecalledMemory]
    /// The number of the last message that the summary stands for.
    private var summarized: Int64 = 0
    /// What stands before messages of users.
    private var prelude = ContextPrelude()
    /// An answer that did not fit and the request to mend it: shown to the model, not part of the transcript.
    var correction: [ChatMessage] = []

    /// The least share of the room that a summary must stand for: else a conversation whose last turns alone fill the
    /// context would be summarized with every turn, for nothing.
    private static let leastGain = 1.0 / 8

    init(of claim: ClaimedSubmission, for agent: Agent) {
        manager = ContextManager(agent: agent)
        settings = agent.settings
        window = agent.model.contextWindow
        past = manager.past(of: claim.history)
        shownPast = past
        summary = claim.summary
        memories = claim.memories?.found ?? []
    }

    /// The messages of a request.
    ///
    /// - Parameter turn: The turn's messages so far.
    func messages(with turn: [ChatMessage]) -> [ChatMessage] {
        let turn = prelude.applied(toTurn: remembering(turn))
        let messages = manager.messages(summary: summary, past: shownPast, turn: turn, correction: correction)
        return prelude.isEmpty ? messages : prelude.completed(messages, first: turn.first)
    }

    /// A turn's messages with what is remembered before the first.
    private func remembering(_ turn: [ChatMessage]) -> [ChatMessage] {
        guard !memories.isEmpty, let first = turn.first, first.role == .user else { return turn }
        return [.user(MemoryPrelude.text(memories, before: first.content))] + turn.dropFirst()
    }

    /// Has texts stand before messages of users from now on.
    mutating func show(_ prelude: ContextPrelude, in claim: ClaimedSubmission) {
        guard !prelude.isEmpty else { return }
        self.prelude = prelude
        manager.reservedBytes = prelude.standingBytes
        shownPast = manager.past(of: prelude.applied(to: claim.past.messages.filter { $0.number > summarized }))
    }

    /// The number of the first message that the model is shown; nil if it is the turn's.
    func firstMessage(of claim: ClaimedSubmission) -> Int64? {
        claim.numbers(of: past).lazy.compactMap { $0 }.first
    }

    /// What a request with these messages is counted as, in bytes.
    func bytes(of messages: [ChatMessage]) -> Int {
        manager.bytes(of: messages)
    }

    /// Shows less from now on, since a server refused a request as too long.
    ///
    /// - Parameter messages: Those of the request.
    /// - Returns: Whether there is less to show; false the second time.
    mutating func shorten(below messages: [ChatMessage]) -> Bool {
        manager.shorten(below: messages)
    }

    /// Whether the oldest messages should be summarized before the turn's first call to the model.
    func isTooFull(with turn: [ChatMessage]) -> Bool {
        if let most = settings.memory?.summaryThreshold, past.count(where: { $0.role == .user }) > max(2, most) {
            return true
        }
        guard let window else { return false }
        let room = settings.compactAt * Double(window)
        let tokens = manager.tokens(summary: summary, past: past, turn: remembering(turn))
        guard Double(tokens) > room else { return false }
        // More than is shown is more than the last turns.
        if past.count >= settings.historyLimit { return true }
        let turns = past.indices.filter { past[$0].role == .user }
        guard turns.count > 2 else { return false }
        let kept = manager.tokens(summary: summary, past: past[turns[turns.count - 2]...], turn: remembering(turn))
        return Double(tokens - kept) > Self.leastGain * room
    }

    /// Has the oldest messages summarized, and shows the summary in their place.
    ///
    /// The summary is stored at once: it is paid, and another attempt at the turn begins with it. Without one the turn
    /// resumes with what fits: a summary is no part of what was asked for.
    ///
    /// - Returns: The call to the model, if there was one, and whether the worker still holds the conversation.
    mutating func compact(in turn: TurnEnvironment) async -> (step: StepRecord?, isHeld: Bool) {
        let (claim, journal) = (turn.claim, turn.journal)
        var step: StepRecord?
        do throws(StoreError) {
            guard let source = try await journal.store.compactionSource(of: claim) else { return (nil, true) }
            let outcome = await Compactor(agent: turn.agent, source: source, start: turn.start).run()
            step = outcome?.step
            guard case .made(let compaction)? = outcome else { return (step, true) }
            guard try await journal.store.store(.made(compaction), of: claim, ends: false) else { return (step, false) }
            summary = compaction.summary
            summarized = source.lastMessage
            past = manager.past(of: claim.history(after: summarized))
            shownPast = past
        } catch {
            journal.logger.warning("a conversation is not compacted", metadata: claim.metadata(error))
            var failed = step ?? StepRecord(.compaction, offset: turn.start.duration(to: .now))
            (failed.errorCode, failed.errorMessage) = ("compaction_not_stored", error.message)
            step = failed
        }
        return (step, true)
    }
}
