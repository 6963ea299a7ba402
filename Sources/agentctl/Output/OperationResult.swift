import Conversation
import JSON

/// What an operation came to, read from the event that it led to.
struct OperationResult {
    private let event: Event?
    private let type: String

    /// - Parameter data: The event's data; further members are left alone.
    init(type: String, data: JSONValue) {
        self.type = type
        event = Event(type: type, data: data)
    }

    init(_ event: ConversationEvent) {
        self.event = event.event
        type = event.type
    }

    /// Why the operation was not carried out; nil when it was.
    ///
    /// - Parameter conversation: The conversation that it was for.
    func failure(of conversation: String) -> CommandFailure? {
        switch event {
        // Another attempt follows, and its result comes after this.
        case .error("operation_postponed", _, _): return nil
        case .error(let code, let message, _):
            let isRefused = code.hasSuffix("_refused")
            let what = code == "compaction_refused" ? "not compacted: \(message)" : message
            return CommandFailure(isRefused ? .refused : .failed, code: code, what)
        case .undone(let undone) where undone.turns.isEmpty:
            return CommandFailure(
                .refused,
                code: "undo_refused",
                "not undone: the model is shown no turn of conversation \"\(conversation)\""
            )
        case .redone(let redone) where redone.turns.isEmpty:
            return CommandFailure(
                .refused,
                code: "redo_refused",
                "not redone: the last thing that changed conversation \"\(conversation)\" was no undo",
                hint: "What was said since an undo would come after what it took back. That stays in the transcript: "
                    + "agentctl conversations show \(conversation)"
            )
        default: return nil
        }
    }

    /// What was done, in a sentence; the effects that stay on lines of their own.
    ///
    /// - Parameter conversation: The conversation that it was for.
    func sentence(of conversation: String) -> String {
        switch event {
        case .undone(let undone):
            let list = undone.turns.map { "\($0)" }.joined(separator: ", ")
            let lines = undone.effects.map { effect in
                "stays: \(effect.tool) (turn \(effect.conversation ?? conversation)/\(effect.turn), call \(effect.call), "
                    + "\(effect.state))"
            }
            let what = "\(undone.turns.count == 1 ? "turn" : "turns") \(list) undone, \(undone.messages) messages"
            return Printable.text(([what] + lines).joined(separator: "\n"))
        case .redone(let redone):
            let list = redone.turns.map { "\($0)" }.joined(separator: ", ")
            return "\(redone.turns.count == 1 ? "turn" : "turns") \(list) shown again, \(redone.messages) messages"
        case .compacted(let made):
            let maker = made.by == "model" ? "by the model" : "without a model"
            let why = made.reason.map { "\n\($0); the summary is put together from the messages" } ?? ""
            return Printable.text(
                "\(Self.named(made.messages)) summarized \(maker): "
                    + "about \(made.beforeTokens) tokens became \(made.afterTokens)\(why)"
            )
        case .compactionUndone(let messages?):
            return "\(Self.named(messages)) are shown again, or the summary before"
        case .settingsChanged(let settings):
            let changes = settings.map { "\($0.key) = \($0.value == .null ? "the agent's own" : $0.value.text)" }
            return Printable.text(changes.joined(separator: ", "))
        case .closed: return "nothing more is accepted"
        case .error(let code, let message, _): return Printable.text("\(code): \(message)")
        default: return Printable.text(type)
        }
    }

    private static func named(_ messages: Event.MessageRange) -> String {
        "messages \(messages.first) to \(messages.last)"
    }
}
