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
            console.messages.write("  [y]es, yes in this [c]onversation, [n]o, [l]ater: ")
            guard case .line(let answer) = try await Self.next(of: lines) else { return false }
            switch answer.first {
            case "y": _ = try await store.decide(id, approves: true)
            case "c": _ = try await store.decide(id, approves: true, scope: "conversation")
            case "n": _ = try await store.decide(id, approves: false)
            default: return false
            }
        }
        return true
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
