package import JSON

/// Runs a chain: node runs in, actions out.
///
/// A node runs when all its ways in are decided and one is taken; where none is, it is skipped and so are its ways out. A
/// loop is a region whose iteration ends when everything in it has; then an edge back is taken, or its ways out are. So
/// every run ends and none gets stuck. A node sees what its ancestors gave and wrote, folded by level, position and visit:
/// the outcome does not depend on who was faster, except where a node says `join: any`.
package struct ChainMachine: Sendable {
    /// How far a node is in the present iteration of the loops around it.
    enum NodeState: Sendable, Hashable {
        case undecided, ready, running, succeeded, failed, skipped

        var isDecided: Bool { self == .succeeded || self == .failed || self == .skipped }
    }

    /// How far a loop is.
    struct LoopState: Sendable {
        enum Phase: Sendable, Hashable { case pending, running, ended, skipped }

        var phase = Phase.pending
        /// Counts from 1 while it runs.
        var iteration = 0
        /// What leads to the next run of its first node: what led into the loop, then the runs of the iteration before.
        var entry: [NodeRun.Key] = []
        /// The runs of the present iteration; of an ended loop, of its last one.
        var runs: [NodeRun.Key] = []
    }

    /// A run that was started.
    struct Started: Sendable {
        let after: [NodeRun.Key]
        let scope: ChainScope
        let input: JSONValue
        var attempt: Int
    }

    /// The chain.
    package let chain: Chain

    /// Most runs at once.
    package let maximumParallel: Int

    let base: ChainScope
    var states: [NodeState]
    var loops: [LoopState]
    var visits: [Int]
    /// What led to a node that is ready: fixed when the node is decided, however long it waits for a place.
    var ways: [[NodeRun.Key]]
    /// What conditions of the edges out of a node see, after its last run.
    var scopes: [ChainScope?]
    /// The nodes that have led back as often as they may, in their last run.
    var atBound: Set<Int> = []
    var runs: [NodeRun.Key: NodeRun] = [:]
    var started: [NodeRun.Key: Started] = [:]
    var actions: [ChainAction] = []

    /// What the chain came to, when it has ended.
    package internal(set) var result: ChainResult?

    /// A machine that has not begun.
    ///
    /// - Parameters:
    ///   - chain: The chain.
    ///   - input: What it was sent.
    ///   - conversation: What `{{conversation}}` stands for.
    ///   - maximumParallel: Most runs at once, at least 1.
    package init(_ chain: Chain, input: JSONValue, conversation: JSONValue = [:], maximumParallel: Int = 16) {
        self.chain = chain
        self.maximumParallel = max(1, maximumParallel)
        base = ChainScope(
            input: input,
            conversation: conversation,
            state: chain.state.compactMapValues(\.initial)
        )
        states = Array(repeating: .undecided, count: chain.nodes.count)
        loops = Array(repeating: LoopState(), count: chain.structure.loops.count)
        visits = Array(repeating: 0, count: chain.nodes.count)
        ways = Array(repeating: [], count: chain.nodes.count)
        scopes = Array(repeating: nil, count: chain.nodes.count)
    }

    /// The runs that were started and have not ended, by node and visit.
    package var runningKeys: [NodeRun.Key] { started.keys.sorted() }

    /// Whether nodes wait for a place among those that run.
    package var hasReadyNodes: Bool { states.contains(.ready) }

    /// Begins.
    package mutating func begin() -> [ChainAction] {
        settle()
        return taken()
    }

    /// Takes up how a run ended that was started.
    ///
    /// - Parameters:
    ///   - key: The run; one that is not running is left alone.
    ///   - outcome: How it ended.
    package mutating func finish(_ key: NodeRun.Key, _ outcome: NodeOutcome) -> [ChainAction] {
        guard result == nil, let begun = started[key], let node = chain.index(of: key.node) else { return [] }
        let run = ended(key, node, begun, outcome)
        // A map tries its items again one by one.
        let isRetried = chain.nodes[node].kind != .map && run.failure?.code != "no_decision"
        if run.status == .failed, isRetried, begun.attempt < chain.nodes[node].attempts {
            started[key]?.attempt += 1
            return [.start(key, work(of: begun, node), attempt: begun.attempt + 1)]
        }
        record(run, node, begun.scope)
        settle()
        return taken()
    }

    /// Resumes from the stored node runs after a crash; a finished node is not run again.
    ///
    /// The runs are taken up one by one as they were stored: what a node that joins any of its ways has seen is decided
    /// by which of them ended first.
    ///
    /// - Parameters:
    ///   - stored: The runs that have ended, in the order in which they were stored. Where no node joins any, each order
    ///     leads to the same.
    ///   - hasBegun: Whether something was given out for a visit that has not ended. It has its place before others.
    /// - Returns: The actions of ``begin()`` for what is outstanding.
    package mutating func resume(
        from stored: [NodeRun],
        hasBegun: @escaping (NodeRun.Key) -> Bool = { _ in false }
    ) -> [ChainAction] {
        let known = Set(stored.map(\.key))
        func isOpen(_ key: NodeRun.Key) -> Bool { !known.contains(key) && hasBegun(key) }
        settle(starting: isOpen)
        var left = stored
        while result == nil, let place = left.firstIndex(where: { takeUp($0) }) {
            left.remove(at: place)
            settle(starting: isOpen)
        }
        settle()
        return taken().filter { action in
            switch action {
            case .start(let key, _, _): started[key] != nil
            case .store(let run): !known.contains(run.key)
            case .cancel, .end: true
            }
        }
    }

    /// Takes up a stored run; false where its node cannot run yet.
    private mutating func takeUp(_ run: NodeRun) -> Bool {
        guard let node = chain.index(of: run.key.node), states[node] == .ready, visits[node] + 1 == run.key.visit
        else { return false }
        start(node)
        if let begun = started[run.key] { record(checked(run), node, begun.scope) }
        return true
    }

    private mutating func taken() -> [ChainAction] {
        defer { actions = [] }
        return actions
    }
}
