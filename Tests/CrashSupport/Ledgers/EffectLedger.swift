import Engine
import HTTP
import HTTPTypes
import Synchronization
public import TestSupport
import Tools

/// The server that tools of a run have their effects on; it writes down each, whatever the caller makes of the answer.
public final class EffectLedger: Sendable {
    /// An effect that happened.
    public struct Effect: Sendable, Hashable {
        /// Counts all effects from 1.
        public let number: Int
        /// The tool.
        public let tool: TurnPlan.Tool
        /// Which call of which message asked for it.
        public let marker: String
        /// The idempotency key that came with it.
        public let key: String?
    }

    private let entries = Mutex<[Effect]>([])
    private let gate: @Sendable (Effect) async -> MockGate?

    /// A ledger.
    ///
    /// - Parameter gate: Holds the answer when the effect has happened.
    public init(gate: @escaping @Sendable (Effect) async -> MockGate? = { _ in nil }) {
        self.gate = gate
    }

    /// All effects so far, in the order in which they happened.
    public var effects: [Effect] { entries.withLock { $0 } }

    /// Does what a request asks for.
    public func answer(_ request: MockRequest) async throws -> MockResponse {
        let parts = request.path.split(separator: "/")
        guard parts.count == 2, let tool = TurnPlan.Tool(rawValue: String(parts[0])) else {
            return .text("unknown", status: 404)
        }
        let key = request.headers.first { $0.name.canonicalName == "idempotency-key" }?.value
        let effect = entries.withLock { entries in
            let effect = Effect(number: entries.count + 1, tool: tool, marker: String(parts[1]), key: key)
            entries.append(effect)
            return effect
        }
        try await gate(effect)?.pass()
        return .text("done \(effect.marker)")
    }
}
