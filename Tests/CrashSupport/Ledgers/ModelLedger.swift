import IO
import JSON
import Synchronization
public import TestSupport

/// The mock model of a run: does what messages ask for, and writes down who asked it and what it was shown.
public final class ModelLedger: Sendable {
    /// A call to the model.
    public struct Call: Sendable, Hashable {
        /// Counts all calls from 1.
        public let number: Int
        /// The name of the message that is answered.
        public let message: String
        /// Rounds of tools before it.
        public let round: Int
        /// The process that asked, by the key that it sent.
        public let worker: String
        /// The user's messages that the model was shown, by name, the one to answer last.
        public let shown: [String]
    }

    private let entries = Mutex<[Call]>([])
    private let effects: String
    private let gate: @Sendable (Call) async -> MockGate?

    /// A ledger.
    ///
    /// - Parameters:
    ///   - effects: The base URL of the effect ledger.
    ///   - gate: Holds the events of an answer.
    public init(effects: String, gate: @escaping @Sendable (Call) async -> MockGate? = { _ in nil }) {
        self.effects = effects
        self.gate = gate
    }

    /// All calls so far, in the order in which they came.
    public var calls: [Call] { entries.withLock { $0 } }

    /// The text that a call is answered with at the end of a turn: the number says which call it was.
    public static func reply(_ name: String, call: Int) -> String { "done \(name) #\(call)" }

    /// Answers a request.
    public func answer(_ request: MockModelRequest) async throws -> MockModelReply {
        let messages = request.messages
        guard let last = messages.lastIndex(where: { $0["role"] == "user" }) else { throw Unreadable() }
        let plan = TurnPlan(Self.text(messages[last]))
        let round = messages[last...].count { $0["role"] == "assistant" }
        let shown = messages.filter { $0["role"] == "user" }.map { TurnPlan(Self.text($0)).name }
        let key = request.headers.first { $0.name.lowercased() == "authorization" }?.value ?? ""
        let call = entries.withLock { entries in
            let call = Call(
                number: entries.count + 1,
                message: plan.name,
                round: round,
                worker: key.split(separator: " ").last.map(String.init) ?? "",
                shown: shown
            )
            entries.append(call)
            return call
        }
        let reply = reply(to: call, plan)
        return await gate(call).map { reply.held(at: $0) } ?? reply
    }

    private func reply(to call: Call, _ plan: TurnPlan) -> MockModelReply {
        guard call.round < plan.rounds.count else { return .text(Self.reply(plan.name, call: call.number)) }
        return .toolCalls(
            plan.rounds[call.round].enumerated().map { index, tool in
                let marker = TurnPlan.marker(plan.name, round: call.round, call: index)
                return MockModelReply.ToolCall(
                    id: "call_\(marker)",
                    name: tool.rawValue,
                    arguments: arguments(of: tool, marker).text
                )
            }
        )
    }

    private func arguments(of tool: TurnPlan.Tool, _ marker: String) -> JSONValue {
        switch tool {
        case .pure: ["expression": "6 * 7"]
        case .sql: ["marker": .string(marker)]
        case .asking: ["url": .string("\(effects)/\(tool.rawValue)/\(marker)"), "method": "POST"]
        case .idempotent, .unsafe: ["url": .string("\(effects)/\(tool.rawValue)/\(marker)")]
        }
    }

    private static func text(_ message: JSONValue) -> String {
        message["content"]?.stringValue ?? ""
    }

    struct Unreadable: Error {}
}
