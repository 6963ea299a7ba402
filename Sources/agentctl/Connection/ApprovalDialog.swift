import Engine
import Store

/// Asks the operator about the tool calls of a conversation that wait for an approval.
struct ApprovalDialog {
    let store: ConversationStore
    let console: Console

    /// Asks about all that wait.
    ///
    /// - Parameters:
    ///   - conversation: The conversation.
    ///   - lines: Where the answers come from.
    /// - Returns: False when nobody wants to decide now.
    func decide(of conversation: String, _ lines: LineReader) async throws -> Bool {
        let approvals = try await store.approvals(conversation: conversation, isPending: true, limit: 100)
        for approval in approvals.reversed() {
            guard let id = approval["id"]?.integerValue else { continue }
            guard approval["may_decide"] != false else {
                let subject = Printable.line(approval["subject"]?.stringValue ?? "", width: 400)
                console.note("approval \(id) is for others to decide: \(subject)")
                return false
            }
            let tool = Printable.line(approval["tool"]?.stringValue ?? "", width: 64)
            let subject = Printable.line(approval["subject"]?.stringValue ?? "", width: 400)
            console.messages.write("\(console.messages.styled("? \(tool)", .cyan)) \(subject)\n")
            if let cause = approval["cause"]?.stringValue {
                console.messages.write("  \(Printable.line(cause, width: 400))\n")
            }
            switch try await answer(lines) {
            case .yes: _ = try await store.decide(id, approves: true)
            case .yesInConversation: _ = try await store.decide(id, approves: true, scope: "conversation")
            case .no: _ = try await store.decide(id, approves: false)
            case .later: return false
            }
        }
        return true
    }

    private enum Answer: String {
        case yes = "y"
        case yesInConversation = "c"
        case no = "n"
        case later = "l"
    }

    /// Asks until one of the answers is given.
    ///
    /// A text that is none of them may have been meant for the model, and decides nothing.
    private func answer(_ lines: LineReader) async throws -> Answer {
        while true {
            console.messages.write("  [y]es, yes in this [c]onversation, [n]o, [l]ater: ")
            guard case .line(let text) = try await Self.next(of: lines) else { return .later }
            let word = text.lowercased().filter { !$0.isWhitespace }
            let letter = ["yes": "y", "conversation": "c", "no": "n", "later": "l"][word] ?? word
            if let answer = Answer(rawValue: letter) { return answer }
            console.note("that is none of them, and was not sent; to go on without a decision: l")
        }
    }

    /// The next line, or that Ctrl-C was pressed instead.
    static func next(of lines: LineReader) async throws -> LineReader.Next {
        do {
            return try await SignalInterruption.run { try await lines.next() }
        } catch is CancellationError {
            return .interrupted
        }
    }
}
