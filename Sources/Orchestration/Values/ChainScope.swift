internal import JSON

/// What a template sees: what the ancestors of a node gave and wrote, in an order that no clock decides.
struct ChainScope: Sendable {
    /// What the chain was sent.
    var input: JSONValue = .null
    /// The conversation: `id`, `seq`, `tenant`.
    var conversation: JSONValue = [:]
    /// The state, by key.
    var state: [String: JSONValue] = [:]
    /// The last output of each node.
    var nodes: [String: JSONValue] = [:]
    /// The last run of each node.
    var runs: [String: NodeRun] = [:]
    /// The last output of a node that succeeded.
    var previous: JSONValue?
    /// The last failure.
    var error: JSONValue?
    /// The output of the node itself.
    var output: JSONValue?
    /// The item of a map and its number.
    var item: (value: JSONValue, index: Int)?
    /// The iteration of the innermost loop, from 1.
    var iteration: Int?

    func value(of root: ChainReference.Root) -> JSONValue? {
        switch root {
        case .input: input
        case .previous: previous
        case .output: output
        case .state(let key): state[key]
        case .node(let name): nodes[name]
        case .item: item?.value
        case .index: item.map { .integer(Int64($0.index)) }
        case .error: error
        case .iteration: iteration.map { .integer(Int64($0)) }
        case .conversation: conversation
        }
    }

    /// Adds what a run gave and wrote.
    mutating func fold(_ run: NodeRun, _ keys: [String: StateKey]) {
        runs[run.key.node] = run
        if let output = run.output { nodes[run.key.node] = output }
        switch run.status {
        case .succeeded:
            if let output = run.output { previous = output }
            for (name, value) in run.writes { state[name] = keys[name]?.reduced(state[name], value) ?? value }
        case .failed: error = run.failure?.json(node: run.key.node)
        case .cancelled: break
        }
    }
}
