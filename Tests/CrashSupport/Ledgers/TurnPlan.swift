import Engine
import Tools

/// What a message asks the mock model to do: rounds of calls to tools, and then a reply.
///
/// A message is written as its name and one word a round: `m7 unsafe idempotent+sql` has the tool `unsafe` called, then
/// `idempotent` and `sql` at once, and is answered `done m7`. Words that name no tool ask for nothing. `tree3` has the tool
/// `delegate` called: the message has 14 tasks below it, at three levels; `fan` has a hundred at one. `handoff` has the
/// conversation handed over.
public struct TurnPlan: Sendable, Hashable {
    /// The message's name, different for each message of a run.
    public let name: String
    /// The tools of each round.
    public let rounds: [[Tool]]

    /// The tools of a run, named by what running them twice would do.
    public enum Tool: String, Sendable, Hashable, CaseIterable {
        case pure, idempotent, sql, unsafe
        /// As unsafe, and a person is asked before.
        case asking
        /// Delegates two tasks to agents of the next level, which delegate in turn.
        case tree3, tree2, tree1
        /// Delegates a hundred tasks.
        case fan
        /// Hands the conversation over to the agent `hand`.
        case handoff

        /// The tool that the model calls.
        var name: String { delegates ? "delegate" : rawValue }

        /// Whether it has tasks done.
        var delegates: Bool { [.tree3, .tree2, .tree1, .fan].contains(self) }

        /// Whether it goes over HTTP, and the effect ledger knows of it.
        public var isRemote: Bool { self == .idempotent || self == .unsafe || self == .asking }
    }

    /// Reads a message.
    public init(_ message: String) {
        let words = message.split { $0 == " " || $0 == "\n" }
        name = words.first.map(String.init) ?? ""
        // What a manager is asked tells of what others were asked.
        let asks = Self.request(in: message) == nil ? words.dropFirst() : []
        rounds = asks.map { word in
            word.split(separator: "+").compactMap { Tool(rawValue: String($0)) }
        }.filter { !$0.isEmpty }
    }

    /// The request that the manager of a hierarchical chain is to plan for, or to answer from results; nil of other messages.
    static func request(in message: String) -> String? {
        guard message.hasPrefix("Plan how to answer") || message.hasPrefix("Request: ") else { return nil }
        return message.split(separator: "Request: ").last?.split { $0 == " " || $0 == "\n" }.first.map(String.init)
    }

    /// What names the effect of a call in all ledgers.
    static func marker(_ name: String, round: Int, call: Int) -> String {
        "\(name).\(round).\(call)"
    }

    /// The calls that are to be made, by marker.
    public var calls: [String: Tool] {
        var calls: [String: Tool] = [:]
        for (round, tools) in rounds.enumerated() {
            for (index, tool) in tools.enumerated() { calls[Self.marker(name, round: round, call: index)] = tool }
        }
        return calls
    }

    /// The tasks that a call delegates: who is to do what, which is a message as well.
    static func tasks(of tool: Tool, _ marker: String) -> [(agent: String, text: String)] {
        switch tool {
        case .tree3: (1...2).map { ("middle", "\(marker)t\($0) tree2") }
        case .tree2: (1...2).map { ("low", "\(marker)t\($0) tree1") }
        case .tree1: (1...2).map { ("leaf", "\(marker)t\($0) unsafe") }
        case .fan: (1...100).map { ("leaf", "\(marker)t\($0)\($0.isMultiple(of: 10) ? " unsafe" : "")") }
        case .pure, .idempotent, .sql, .unsafe, .asking, .handoff: []
        }
    }
}
