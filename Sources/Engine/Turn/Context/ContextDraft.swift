import Conversation
import Definitions
import Models

/// What the model is to be shown, while it is made to fit.
///
/// What is least missed goes first: the middle of long outputs, oldest first; earlier turns, oldest first; the summary of
/// what came before them; and of the turn itself the oldest rounds. The user's message that began the turn and its last
/// round always stay, and a call goes only together with its outputs.
struct ContextDraft: Sendable {
    /// The summary of earlier messages.
    package var summary: ChatMessage?
    /// The messages before the turn, in order, beginning with a user's.
    package var past: ArraySlice<ChatMessage>
    /// The turn's own, in order, beginning with the user's.
    package var turn: ArraySlice<ChatMessage>
    /// What is asked for once more.
    package var correction: [ChatMessage] = []

    /// Bytes to which an output is cut before anything is left out altogether.
    static let shortOutput = 1_024
    /// Bytes to which the outputs of the last round are cut if nothing else is left.
    static let shortestOutput = 256

    /// What all of it is counted as.
    package var bytes: Int {
        (summary?.estimatedBytes ?? 0) + past.estimatedBytes + turn.estimatedBytes + correction.estimatedBytes
    }

    /// The messages in order.
    package var messages: [ChatMessage] {
        var messages: [ChatMessage] = []
        messages.reserveCapacity(past.count + turn.count + correction.count + 2)
        if let summary { messages.append(summary) }
        messages += past
        messages += turn
        messages += correction
        return messages
    }

    /// Makes it fit, as far as that can be done.
    ///
    /// - Parameter limit: The most bytes.
    mutating func fit(into limit: Int) {
        var excess = bytes - limit
        guard excess > 0 else { return }
        past.cutOutputs(to: Self.shortOutput, saving: &excess)
        turn.cutOutputs(to: Self.shortOutput, saving: &excess)
        while excess > 0, !past.isEmpty {
            let next = past.dropFirst().firstIndex { $0.role == .user } ?? past.endIndex
            excess -= past[..<next].estimatedBytes
            past = past[next...]
        }
        if excess > 0, let summary {
            excess -= summary.estimatedBytes
            self.summary = nil
        }
        dropRounds(&excess)
        turn.cutOutputs(to: Self.shortestOutput, saving: &excess)
    }

    /// Leaves out the oldest rounds of the turn, but neither its first message nor its last round.
    private mutating func dropRounds(_ excess: inout Int) {
        guard excess > 0, let last = turn.lastIndex(where: { $0.role != .tool }) else { return }
        let first = turn.startIndex + 1
        var end = first
        while excess > 0, end < last {
            let next = turn[(end + 1)...].firstIndex { $0.role != .tool } ?? turn.endIndex
            excess -= turn[end..<next].estimatedBytes
            end = next
        }
        if end > first { turn.removeSubrange(first..<end) }
    }
}

extension ArraySlice<ChatMessage> {
    /// Cuts the middle out of long outputs, oldest first, until enough is saved.
    ///
    /// - Parameters:
    ///   - length: Bytes that are left of an output at least.
    ///   - excess: The bytes to save; what is saved is taken off.
    fileprivate mutating func cutOutputs(to length: Int, saving excess: inout Int) {
        guard excess > 0 else { return }
        for index in indices where self[index].role == .tool && excess > 0 {
            let message = self[index]
            let size = message.content.utf8.count
            guard size > length else { continue }
            let content = message.content.cutInTheMiddle(to: Swift.max(length, size - excess))
            excess -= size - content.utf8.count
            self[index] = ChatMessage(
                role: .tool,
                content: content,
                toolCallID: message.toolCallID,
                name: message.name
            )
        }
    }
}
