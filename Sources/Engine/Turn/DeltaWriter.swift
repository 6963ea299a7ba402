import Conversation
import Definitions
internal import Logging
import Store
internal import Synchronization

/// Collects what running turns emit and stores it in one statement every so often, for followers in other processes.
///
/// A turn that ends before its pieces were stored costs nothing: its message supersedes them.
final class DeltaWriter: Sendable {
    private struct Key: Hashable {
        let conversation: String
        let seq: Int64
    }

    private struct Buffer {
        var attempt: Int
        var number = 0
        var pending: [DeltaRecord] = []
    }

    private let store: WorkStore
    private let logger: Logger
    private let interval: Duration
    private let buffers = Mutex<[Key: Buffer]>([:])

    /// Bytes of a tool's output that a follower is shown.
    private static let maximumOutputBytes = 2_000

    init(store: WorkStore, interval: Duration, logger: Logger) {
        self.store = store
        self.interval = interval
        self.logger = logger
    }

    /// Flushes until the task is cancelled.
    package func run() async {
        while !Task.isCancelled {
            try? await Task.sleep(for: interval)
            let records = buffers.withLock { buffers in
                var records: [DeltaRecord] = []
                for key in Array(buffers.keys) {
                    records += buffers[key]?.pending ?? []
                    buffers[key]?.pending = []
                }
                return records
            }
            guard !records.isEmpty else { continue }
            do throws(StoreError) {
                try await store.write(deltas: records)
            } catch {
                logger.debug("pieces of answers were not stored", metadata: error.metadata)
            }
        }
    }

    package func begin(_ claim: ClaimedSubmission) {
        buffers.withLock {
            $0[Key(conversation: claim.conversation, seq: claim.seq)] = Buffer(attempt: claim.generation)
        }
    }

    package func end(_ claim: ClaimedSubmission) {
        buffers.withLock { _ = $0.removeValue(forKey: Key(conversation: claim.conversation, seq: claim.seq)) }
    }

    package func add(_ event: TurnEvent, of claim: ClaimedSubmission) {
        guard let event = Self.kept(event) else { return }
        let key = Key(conversation: claim.conversation, seq: claim.seq)
        buffers.withLock { buffers in
            guard var buffer = buffers[key] else { return }
            // Pieces of text that wait together become one row.
            if case .text(let text) = event, case .text(let before)? = buffer.pending.last?.event {
                buffer.pending[buffer.pending.count - 1].event = .text(before + text)
            } else {
                buffer.number += 1
                buffer.pending.append(
                    DeltaRecord(
                        conversation: claim.conversation,
                        seq: claim.seq,
                        attempt: buffer.attempt,
                        number: buffer.number,
                        event: event
                    )
                )
            }
            buffers[key] = buffer
        }
    }

    /// What followers are shown of an event: the beginning of an output; nil for what the stream of events says.
    private static func kept(_ event: TurnEvent) -> TurnEvent? {
        switch event {
        case .started: nil
        case .text, .reset, .toolStarted: event
        case .steered(let text): .steered(text.prefix(utf8: maximumOutputBytes))
        case .toolOutput(let id, let text): .toolOutput(id: id, text: text.prefix(utf8: maximumOutputBytes))
        case .toolFinished(let id, let name, let output, let isError):
            .toolFinished(id: id, name: name, output: output.prefix(utf8: maximumOutputBytes), isError: isError)
        }
    }
}
