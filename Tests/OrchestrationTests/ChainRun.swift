import JSON
import Orchestration

/// Runs a machine to its end, with nodes that end in a random order.
///
/// What a node gives depends on what it is sent, so that two runs of a chain differ in everything that comes after the
/// first node that sees something else.
struct ChainRun {
    let chain: Chain
    let seed: UInt64
    let limit: Int
    var random: SeededGenerator
    var machine: ChainMachine
    var stored: [NodeRun] = []
    var result: ChainResult?
    var mostAtOnce = 0
    var startedKeys: Set<NodeRun.Key> = []
    var problems: [String] = []

    init(_ chain: Chain, seed: UInt64, limit: Int, order: UInt64) {
        self.chain = chain
        self.seed = seed
        self.limit = limit
        random = SeededGenerator(state: order)
        machine = ChainMachine(chain, input: "go", maximumParallel: limit)
    }

    /// - Parameter crashes: Whether the machine is lost now and then, and made again from what is stored.
    mutating func run(crashes: Bool = false) {
        var waiting: [(key: NodeRun.Key, work: NodeWork)] = []
        take(machine.begin(), &waiting)
        while result == nil {
            if crashes, Int.random(in: 0..<4, using: &random) == 0 {
                let running = Set(waiting.map(\.key))
                waiting = []
                startedKeys = []
                machine = ChainMachine(chain, input: "go", maximumParallel: limit)
                take(machine.resume(from: stored.shuffled(using: &random)), &waiting)
                let again = Set(waiting.map(\.key))
                if again != running { problems.append("after a crash \(again) run, before it \(running)") }
                if result != nil { break }
            }
            guard let index = waiting.indices.randomElement(using: &random) else {
                problems.append("it is stuck")
                return
            }
            let (key, work) = waiting.remove(at: index)
            take(machine.finish(key, outcome(of: key, work)), &waiting)
        }
    }

    private mutating func take(_ actions: [ChainAction], _ waiting: inout [(key: NodeRun.Key, work: NodeWork)]) {
        for action in actions {
            switch action {
            case .start(let key, let work, _):
                if !startedKeys.insert(key).inserted { problems.append("\(key) is started twice") }
                if stored.contains(where: { $0.key == key }) { problems.append("\(key) is run again") }
                waiting.append((key, work))
                mostAtOnce = max(mostAtOnce, waiting.count)
            case .store(let run):
                if stored.contains(where: { $0.key == run.key }) { problems.append("\(run.key) is stored twice") }
                stored.append(run)
            case .cancel(let key): waiting.removeAll { $0.key == key }
            case .end(let end): result = end
            }
        }
        if result != nil, !waiting.isEmpty { problems.append("\(waiting.map(\.key)) run on after the end") }
    }

    private func outcome(of key: NodeRun.Key, _ work: NodeWork) -> NodeOutcome {
        var hash = SeededGenerator(state: seed)
        for byte in "\(key) \(work.json.text)".utf8 { hash.state = (hash.state ^ UInt64(byte)) &* 0x100_0000_01B3 }
        let number = hash.next()
        guard number % 10 != 0 else { return .failed(NodeFailure("failed", "It failed.")) }
        return .succeeded(["number": .integer(Int64(number / 10 % 97))])
    }

    /// All that was run, and what each saw and gave.
    var outcome: Set<NodeRun> { Set(stored) }
}
