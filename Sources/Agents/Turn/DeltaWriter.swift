internal import JSON
internal import Logging
internal import Synchronization

/// Collects what running turns tell and stores it in one statement every so often, for followers in other processes.
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

    private let store: Store
    private let logger: Logger
    private let interval: Duration
    private let buffers = Mutex<[Key: Buffer]>([:])

    /// Bytes of a tool's output that a follower is shown.
    private static let maximumOutputBytes = 2_000

    init(store: Store, interval: Duration, logger: Logger) {
        self.store = store
        self.interval = interval
        self.logger = logger
    }

    /// Flushes until the task is cancelled.
    func run() async {
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
                logger.debug("pieces of answers were not stored", metadata: ["error": "\(error.message)"])
            }
        }
    }

    func begin(_ claim: ClaimedSubmission) {
        buffers.withLock {
            $0[Key(conversation: claim.conversation, seq: claim.seq)] = Buffer(attempt: claim.generation)
        }
    }

    func end(_ claim: ClaimedSubmission) {
        buffers.withLock { _ = $0.removeValue(forKey: Key(conversation: claim.conversation, seq: claim.seq)) }
    }

    func add(_ event: TurnEvent, of claim: ClaimedSubmission) {
        guard let (type, data) = Self.content(of: event) else { return }
        let key = Key(conversation: claim.conversation, seq: claim.seq)
        buffers.withLock { buffers in
            guard var buffer = buffers[key] else { return }
            // Pieces of text that wait together become one row.
            if type == "text", let last = buffer.pending.last, last.type == "text",
                let before = last.data["text"]?.stringValue, let text = data["text"]?.stringValue
            {
                buffer.pending[buffer.pending.count - 1].data["text"] = .string(before + text)
            } else {
                buffer.number += 1
                buffer.pending.append(
                    DeltaRecord(
                        conversation: claim.conversation,
                        seq: claim.seq,
                        attempt: buffer.attempt,
                        number: buffer.number,
                        type: type,
                        data: data
                    )
                )
            }
            buffers[key] = buffer
        }
    }

    private static func content(of event: TurnEvent) -> (String, JSONObject)? {
        switch event {
        case .started: nil
        case .text(let text): ("text", ["text": .storable(text)])
        case .reset: ("reset", [:])
        case .steered(let text): ("steered", ["text": .storable(text.prefix(utf8: maximumOutputBytes))])
        case .toolStarted(let call):
            (
                "tool_started",
                ["id": .storable(call.id), "name": .storable(call.name), "arguments": .storable(call.arguments)]
            )
        case .toolOutput(let id, let text):
            ("tool_output", ["id": .storable(id), "text": .storable(text.prefix(utf8: maximumOutputBytes))])
        case .toolFinished(let id, let name, let output, let isError):
            (
                "tool_finished",
                [
                    "id": .storable(id), "name": .storable(name), "is_error": .bool(isError),
                    "output": .storable(output.prefix(utf8: maximumOutputBytes)),
                ]
            )
        }
    }
}
