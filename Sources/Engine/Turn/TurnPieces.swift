import Conversation
internal import Synchronization

/// The pieces that a running turn has emitted and that are not stored.
final class TurnPieces: Sendable {
    private struct Waiting {
        var number = 0
        /// Pieces of text that wait together become one.
        var text = ""
        var pieces: [DeltaRecord] = []
    }

    private let claim: ClaimedSubmission
    private let waiting = Mutex(Waiting())

    /// Bytes of a tool's output that a follower is shown.
    private static let maximumOutputBytes = 2_000

    init(of claim: ClaimedSubmission) {
        self.claim = claim
    }

    /// Adds an event of the turn.
    func add(_ event: TurnEvent) {
        guard let event = Self.kept(event) else { return }
        waiting.withLock { waiting in
            if case .text(let text) = event {
                waiting.text += text
            } else {
                endText(&waiting)
                append(event, to: &waiting)
            }
        }
    }

    /// Takes what waits, in order.
    func take() -> [DeltaRecord] {
        waiting.withLock { waiting in
            endText(&waiting)
            defer { waiting.pieces = [] }
            return waiting.pieces
        }
    }

    private func endText(_ waiting: inout Waiting) {
        guard !waiting.text.isEmpty else { return }
        append(.text(waiting.text), to: &waiting)
        waiting.text = ""
    }

    private func append(_ event: TurnEvent, to waiting: inout Waiting) {
        waiting.number += 1
        waiting.pieces.append(
            DeltaRecord(
                conversation: claim.conversation,
                seq: claim.seq,
                attempt: claim.generation,
                number: waiting.number,
                event: event
            )
        )
    }

    /// What followers are shown of an event: the beginning of an output; nil for what the stream of events says.
    private static func kept(_ event: TurnEvent) -> TurnEvent? {
        switch event {
        case .started: nil
        case .text, .reset, .toolStarted, .modelFailed: event
        case .steered(let text): .steered(text.prefix(utf8: maximumOutputBytes))
        case .toolOutput(let id, let text): .toolOutput(id: id, text: text.prefix(utf8: maximumOutputBytes))
        case .toolFinished(let id, let name, let output, let isError):
            .toolFinished(id: id, name: name, output: output.prefix(utf8: maximumOutputBytes), isError: isError)
        }
    }
}
