import JSON
import Orchestration

/// Runs a machine to its end, with nodes that end in a random order.
///
/// What a node gives depends on what it is sent, so that two runs of a chain differ in everything that comes after the
/// first node that sees something else; a deaf node's only on its visit.
struct ChainRun {
    let chain: Chain
    let seed: UInt64
    let limit: Int
    let isDeaf: Bool
    var random: SeededGenerator
    /// The order in which nodes end; random where it says nothing.
    var endings: [NodeRun.Key] = []
    var machine: ChainMachine
    var stored: [NodeRun] = []
    var result: ChainResult?
    var mostAtOnce = 0
    /// Attempts after the first.
    var retried = 0
    var startedKeys: Set<NodeRun.Key> = []
    /// What each visit was sent.
    var sent: [NodeRun.Key: JSONValue] = [:]
    var problems: [String] = []

    init(_ chain: Chain, seed: UInt64, limit: Int, order: UInt64, isDeaf: Bool = false) {
        self.chain = chain
        self.seed = seed
        self.limit = limit
        self.isDeaf = isDeaf
        random = SeededGenerator(state: order)
        machine = ChainMachine(chain, input: "go", maximumParallel: limit)
    }

    /// A node that the machine has started.
    private struct Waiting {
        let key: NodeRun.Key
        let work: NodeWork
        let attempt: Int
    }

    /// - Parameters:
    ///   - visits: What an earlier machine has stored; empty for a run from the beginning.
    ///   - crashes: Whether the machine is lost now and then, and made again from what is stored.
    mutating func run(from visits: some Sequence<NodeRun> = EmptyCollection(), crashes: Bool = false) {
        stored = Array(visits)
        var waiting: [Waiting] = []
        let joinsAny = chain.nodes.contains { $0.definition["join"] != nil }
        take(stored.isEmpty ? machine.begin() : machine.resume(from: stored), &waiting)
        while result == nil {
            if crashes, Int.random(in: 0..<4, using: &random) == 0 {
                let running = Set(waiting.map(\.key))
                waiting = []
                startedKeys = []
                machine = ChainMachine(chain, input: "go", maximumParallel: limit)
                // What ended first decides only where a node joins any of its ways.
                let visits = joinsAny ? stored : stored.shuffled(using: &random)
                take(machine.resume(from: visits, hasBegun: running.contains), &waiting)
                let again = Set(waiting.map(\.key))
                if again != running { problems.append("after a crash \(again) run, before it \(running)") }
                if result != nil { break }
            }
            guard let index = next(of: waiting) else {
                problems.append("it is stuck")
                return
            }
            let node = waiting.remove(at: index)
            take(machine.finish(node.key, outcome(of: node)), &waiting)
        }
    }

    private mutating func next(of waiting: [Waiting]) -> Int? {
        let planned = waiting.indices.compactMap { index in
            endings.firstIndex(of: waiting[index].key).map { (place: $0, index: index) }
        }
        return planned.min { $0.place < $1.place }?.index ?? waiting.indices.randomElement(using: &random)
    }

    private mutating func take(_ actions: [ChainAction], _ waiting: inout [Waiting]) {
        for action in actions {
            switch action {
            case .start(let key, let work, let attempt):
                let isNew = startedKeys.insert(key).inserted
                if attempt == 1, !isNew { problems.append("\(key) is started twice") }
                retried += attempt > 1 ? 1 : 0
                if waiting.contains(where: { $0.key == key }) { problems.append("\(key) runs twice") }
                if attempt > (chain.nodes.first { $0.name == key.node }?.attempts ?? 1) {
                    problems.append("\(key) is tried \(attempt) times")
                }
                if stored.contains(where: { $0.key == key }) { problems.append("\(key) is run again") }
                if sent.updateValue(work.json, forKey: key).map({ $0 != work.json }) ?? false {
                    problems.append("\(key) is sent something else after a crash")
                }
                waiting.append(Waiting(key: key, work: work, attempt: attempt))
                mostAtOnce = max(mostAtOnce, waiting.count)
            case .store(let run):
                if stored.contains(where: { $0.key == run.key }) { problems.append("\(run.key) is stored twice") }
                if !run.after.allSatisfy({ key in stored.contains { $0.key == key } }) {
                    problems.append("\(run.key) runs before what leads to it")
                }
                if let work = sent[run.key], run.input != work { problems.append("\(run.key) was sent \(work)") }
                stored.append(run)
            case .cancel(let key): waiting.removeAll { $0.key == key }
            case .end(let end): result = end
            }
        }
        if result != nil, !waiting.isEmpty { problems.append("\(waiting.map(\.key)) run on after the end") }
    }

    private func outcome(of node: Waiting) -> NodeOutcome {
        var hash = SeededGenerator(state: seed)
        for byte in "\(node.key) \(node.attempt) \(isDeaf ? "" : node.work.json.text)".utf8 {
            hash.state = (hash.state ^ UInt64(byte)) &* 0x100_0000_01B3
        }
        let number = hash.next()
        guard number % 10 != 0 else { return .failed(NodeFailure("failed", "It failed.")) }
        return .succeeded(["number": .integer(Int64(number / 10 % 97))])
    }

    /// All that was run, and what each saw and gave.
    var outcome: Set<NodeRun> { Set(stored) }
}
