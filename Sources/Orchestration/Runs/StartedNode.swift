package import Conversation
internal import JSON

/// A node that a machine has started, with what is to be done for it.
package struct StartedNode: Sendable {
    /// The visit.
    package let key: NodeRun.Key
    /// The node.
    package let node: ChainNode
    /// What is to be done.
    package let work: NodeWork
    /// Counts from 1 within the visit.
    package let attempt: Int
    /// Of an approval: whether the chain has a way for what was denied.
    let mayBeDenied: Bool
    /// Of an agent: the nodes that it may choose to go to, `end` among them.
    let choices: [String]

    /// What its tasks and calls are stored under: the same in every attempt at the turn.
    package var id: String { Self.id(key, attempt: attempt) }

    /// How long each of its tasks or calls may take; nil for no limit of its own.
    package var timeout: Duration? { node.definition["timeout"]?.secondsValue }

    static func id(_ key: NodeRun.Key, attempt: Int) -> String {
        attempt > 1 ? "\(key).\(attempt)" : key.description
    }
}

extension Chain {
    /// A node that a machine of the chain has started; nil if it has no such node.
    package func started(_ key: NodeRun.Key, _ work: NodeWork, attempt: Int) -> StartedNode? {
        guard let index = index(of: key.node) else { return nil }
        let ways = structure.edgesOut[index].map { edges[$0] }
        let choosesWay = ways.contains { $0.trigger == .success && ($0.condition != nil || $0.isOtherwise) }
        return StartedNode(
            key: key,
            node: nodes[index],
            work: work,
            attempt: attempt,
            mayBeDenied: choosesWay,
            choices: ways.filter(\.isChosen).map { $0.target ?? "end" }
        )
    }

    /// Whether nothing can begin before all tasks of these nodes have ended: there is one node, or each leads to the same
    /// node, and to no other, whatever becomes of it.
    package func areJoined(_ started: some Collection<StartedNode>) -> Bool {
        guard started.allSatisfy({ $0.node.kind != .plan && !($0.node.kind == .map && $0.node.failureRule == .cancel) })
        else { return false }
        if started.count == 1 { return true }
        var joins: Set<String> = []
        for started in started {
            let ways = index(of: started.key.node).map { structure.edgesOut[$0].map { edges[$0] } } ?? []
            guard let way = ways.first, ways.count == 1, way.trigger == .always, way.condition == nil,
                let target = way.target.flatMap(index(of:)), !nodes[target].joinsAny
            else { return false }
            joins.insert(nodes[target].name)
        }
        return joins.count == 1
    }
}

/// How far a started node has come, and what is to be done for it next.
package struct NodeStep: Sendable {
    /// Tasks to be given out; their numbers are those within the turn.
    package var tasks: [TaskRequest] = []
    /// Calls to be made.
    package var calls: [ToolCallRequest] = []
    /// Ballots to be counted.
    package var ballots: BallotCount?
    /// How it ended; nil while it has not.
    package var outcome: NodeOutcome?
    /// Groups of tasks that are not needed any more.
    package var cancelled: [String] = []

    package init() {}

    static func ended(_ outcome: NodeOutcome) -> NodeStep {
        var step = NodeStep()
        step.outcome = outcome
        return step
    }

    static func failed(_ code: String, _ message: String) -> NodeStep {
        .ended(.failed(NodeFailure(code, message)))
    }
}
