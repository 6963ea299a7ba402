import Engine
import HTTP
import HTTPTypes
import JSON
import Synchronization
public import TestSupport
import Tools

/// The mock model of a run: does what messages ask for, and writes down who asked it and what it was shown.
public final class ModelLedger: Sendable {
    /// A call to the model.
    public struct Call: Sendable, Hashable {
        /// Counts all calls from 1.
        public let number: Int
        /// The name of the message that is answered; empty when a summary is asked for.
        public let message: String
        /// Rounds of tools before it.
        public let round: Int
        /// The process that asked, by the key that it sent.
        public let worker: String
        /// The user's messages that the model was shown, by name, the one to answer last; of a summary those that it is to
        /// tell of.
        public let shown: [String]
        /// The summary that stood before them; nil if there was none.
        public let summary: String?
        /// Whether a summary was asked for.
        public let isSummary: Bool
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

    /// The call that a reply came from; nil of a text that the model never said.
    static func call(ofReply text: String) -> Int? {
        text.split(separator: "#").last.flatMap { Int($0.prefix { $0.isNumber }) }
    }

    /// The text of a summary: it names the messages that it tells of.
    static func summary(_ names: [String], call: Int) -> String { "SUMMARY #\(call) " + names.joined(separator: " ") }

    /// The messages that a summary tells of.
    static func names(inSummary text: String) -> [String] {
        text.split(separator: " ").dropFirst(2).map(String.init)
    }

    /// Answers a request.
    public func answer(_ request: MockModelRequest) async throws -> MockModelReply {
        let messages = request.messages
        guard let last = messages.lastIndex(where: { $0["role"] == "user" }) else { throw Unreadable() }
        let worker =
            request.headers.first { $0.name.canonicalName == "authorization" }?.value
            .split(separator: " ").last.map(String.init) ?? ""
        if Self.text(messages[0]).hasPrefix("You write the summary") {
            let names = Self.names(toSummarize: Self.text(messages[last]))
            let call = write {
                Call(number: $0, message: "", round: 0, worker: worker, shown: names, summary: nil, isSummary: true)
            }
            return .text(Self.summary(names, call: call.number))
        }
        let plan = TurnPlan(Self.text(messages[last]))
        let texts = messages.filter { $0["role"] == "user" }.map(Self.text)
        let (summaries, shown) = (texts.filter(Self.isSummary), texts.filter { !Self.isSummary($0) })
        let call = write { number in
            Call(
                number: number,
                message: plan.name,
                round: messages[last...].count { $0["role"] == "assistant" },
                worker: worker,
                shown: shown.map { TurnPlan($0).name },
                summary: summaries.first.map { String($0.drop { $0 != "\n" }.dropFirst()) },
                isSummary: false
            )
        }
        let reply = reply(to: call, Self.text(messages[last]))
        return await gate(call).map { reply.held(at: $0) } ?? reply
    }

    private func write(_ make: (Int) -> Call) -> Call {
        entries.withLock { entries in
            let call = make(entries.count + 1)
            entries.append(call)
            return call
        }
    }

    private static func isSummary(_ text: String) -> Bool { text.hasPrefix("[A summary of the earlier messages") }

    /// The user's messages in the material of a summary, one JSON object a line, also those that the last summary told of.
    private static func names(toSummarize material: String) -> [String] {
        material.split(separator: "\n").flatMap { line -> [String] in
            guard let value = try? JSONValue(parsing: String(line)) else { return ["?"] }
            if let before = value["summary_of_what_came_before"]?.stringValue { return names(inSummary: before) }
            return value["role"] == "user" ? [TurnPlan(value.text("text")).name] : []
        }
    }

    private func reply(to call: Call, _ text: String) -> MockModelReply {
        let plan = TurnPlan(text)
        if text.hasPrefix("Plan how to answer"), let name = TurnPlan.request(in: text) {
            return .text(CrashDatabase.teamPlan(for: name, call: call.number))
        }
        guard call.round < plan.rounds.count else { return .text(Self.reply(plan.name, call: call.number)) }
        return .toolCalls(
            plan.rounds[call.round].enumerated().map { index, tool in
                let marker = TurnPlan.marker(plan.name, round: call.round, call: index)
                return MockModelReply.ToolCall(
                    id: "call_\(marker)",
                    name: tool.name,
                    arguments: arguments(of: tool, marker).text
                )
            }
        )
    }

    private func arguments(of tool: TurnPlan.Tool, _ marker: String) -> JSONValue {
        switch tool {
        case .pure: ["expression": "6 * 7"]
        case .sql: ["marker": .string(marker)]
        case .handoff: ["agent": "hand"]
        case .tree3, .tree2, .tree1, .fan:
            [
                "tasks": .array(
                    TurnPlan.tasks(of: tool, marker).map { ["agent": .string($0.agent), "task": .string($0.text)] }
                )
            ]
        case .asking: ["url": .string("\(effects)/\(tool.rawValue)/\(marker)"), "method": "POST"]
        case .idempotent, .unsafe: ["url": .string("\(effects)/\(tool.rawValue)/\(marker)")]
        }
    }

    private static func text(_ message: JSONValue) -> String {
        message["content"]?.stringValue ?? ""
    }

    struct Unreadable: Error {}
}
