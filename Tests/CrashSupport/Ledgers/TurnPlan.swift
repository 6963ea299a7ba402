import Engine
import Tools

/// What a message asks the mock model to do: rounds of calls to tools, and then a reply.
///
/// A message is written as its name and one word a round: `m7 unsafe idempotent+sql` has the tool `unsafe` called, then
/// `idempotent` and `sql` at once, and is answered `done m7`.
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

        /// Whether it goes over HTTP, and the effect ledger knows of it.
        public var isRemote: Bool { self == .idempotent || self == .unsafe || self == .asking }
    }

    /// Reads a message.
    public init(_ message: String) {
        let words = message.split(separator: " ")
        name = words.first.map(String.init) ?? ""
        rounds = words.dropFirst().map { word in
            word.split(separator: "+").compactMap { Tool(rawValue: String($0)) }
        }
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
}
