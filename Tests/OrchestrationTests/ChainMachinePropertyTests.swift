import Orchestration
import Testing

/// Random graphs, each in several orders of completion, with several limits and with crashes in between.
@Suite struct ChainMachinePropertyTests {
    private static let graphs = 400

    private func eachChain(
        survivesFailures: Bool,
        joinsAny: Bool = false,
        _ body: (RandomChain, Chain, UInt64) throws -> Void
    ) throws {
        var random = SeededGenerator(state: survivesFailures ? 5 : 6)
        var count = 0
        while count < Self.graphs {
            guard
                let graph = RandomChain(using: &random, survivesFailures: survivesFailures, joinsAny: joinsAny),
                joinsAny == !graph.joinsAny.isEmpty
            else { continue }
            try body(graph, try graph.chain(), random.next())
            count += 1
        }
    }

    @Test func theOutcomeDoesNotDependOnWhoWasFaster() throws {
        var loopy = 0
        var runs = 0
        try eachChain(survivesFailures: true) { graph, chain, seed in
            var outcomes: Set<Set<NodeRun>> = []
            var results: Set<ChainResult?> = []
            for (order, limit) in [1, 2, 3, 100, 100, 100].enumerated() {
                var run = ChainRun(chain, seed: seed, limit: limit, order: seed &+ UInt64(order))
                run.run()
                #expect(run.problems.isEmpty, "\(graph.edges) \(run.problems)")
                #expect(run.mostAtOnce <= limit)
                #expect(run.stored.count <= graph.maximumRuns)
                #expect(run.result?.success == true)
                outcomes.insert(run.outcome)
                results.insert(run.result)
                runs += run.stored.count
            }
            #expect(outcomes.count == 1, "\(graph.edges)")
            #expect(results.count == 1)
            loopy += graph.loops.isEmpty ? 0 : 1
        }
        #expect(loopy > Self.graphs / 5)
        #expect(runs > Self.graphs * 12)
    }

    @Test func aCrashChangesNothing() throws {
        try eachChain(survivesFailures: true) { graph, chain, seed in
            var plain = ChainRun(chain, seed: seed, limit: 3, order: 1)
            plain.run()
            for limit in [1, 2, 3, 100] {
                var crashed = ChainRun(chain, seed: seed, limit: limit, order: 2)
                crashed.run(crashes: true)
                #expect(crashed.problems.isEmpty, "\(graph.edges) \(crashed.problems)")
                #expect(crashed.mostAtOnce <= limit)
                #expect(crashed.outcome == plain.outcome, "\(graph.edges)")
                #expect(crashed.result == plain.result)
            }
        }
    }

    /// Wherever it was cut off: what was stored is the whole of what a machine knows.
    @Test func theRunIsTheSameFromEveryPrefixOfWhatWasStored() throws {
        try eachChain(survivesFailures: true) { graph, chain, seed in
            var whole = ChainRun(chain, seed: seed, limit: 3, order: 1)
            whole.run()
            for length in 0...whole.stored.count {
                var rest = ChainRun(chain, seed: seed, limit: 2, order: UInt64(length))
                rest.run(from: whole.stored.prefix(length))
                #expect(rest.problems.isEmpty, "\(graph.edges) \(length) \(rest.problems)")
                #expect(rest.mostAtOnce <= 2)
                #expect(rest.outcome == whole.outcome, "\(graph.edges) \(length)")
                #expect(rest.result == whole.result)
            }
        }
    }

    @Test func everyKindOfNodeIsAmongThem() throws {
        var visits: [ChainNode.Kind: Int] = [:]
        var retried = 0
        try eachChain(survivesFailures: true) { graph, chain, seed in
            var run = ChainRun(chain, seed: seed, limit: 3, order: 1)
            run.run()
            for visit in run.stored {
                guard let node = chain.nodes.first(where: { $0.name == visit.key.node }) else { continue }
                visits[node.kind, default: 0] += 1
            }
            retried += run.retried
        }
        for kind in [ChainNode.Kind.agent, .chain, .map, .collect] {
            #expect(visits[kind, default: 0] > 100, "\(kind)")
        }
        #expect(retried > 20)
    }

    @Test func aFailureWithoutAWayEndsTheRunInEveryOrder() throws {
        var failures = 0
        try eachChain(survivesFailures: false) { graph, chain, seed in
            var results: Set<Bool?> = []
            for order in 0..<4 as Range<UInt64> {
                var run = ChainRun(chain, seed: seed, limit: order == 0 ? 1 : 100, order: seed &+ order)
                run.run()
                #expect(run.problems.isEmpty, "\(graph.edges) \(run.problems)")
                results.insert(run.result?.success)
                if run.result?.success == false { #expect(run.result?.failedStage != nil) }
            }
            #expect(results.count == 1, "\(graph.edges)")
            failures += results == [false] ? 1 : 0
        }
        #expect(failures > Self.graphs / 10)
    }

    // MARK: Nodes that join any of their ways

    /// Which of its ways such a node has seen, and so what it gives, depends on who was faster.
    ///
    /// Which nodes run how often does not, where no condition depends on what a node has seen.
    @Test func whatRunsDoesNotDependOnWhoWasFasterWhereNodesJoinAny() throws {
        struct Visit: Hashable {
            let key: NodeRun.Key
            let status: NodeRun.Status
        }
        var orders = 0
        try eachChain(survivesFailures: true, joinsAny: true) { graph, chain, seed in
            var visits: Set<Set<Visit>> = []
            var outcomes: Set<Set<NodeRun>> = []
            for (order, limit) in [1, 2, 3, 100, 100, 100].enumerated() {
                var run = ChainRun(chain, seed: seed, limit: limit, order: seed &+ UInt64(order), isDeaf: true)
                run.run()
                #expect(run.problems.isEmpty, "\(graph.edges) \(run.problems)")
                #expect(run.mostAtOnce <= limit)
                #expect(run.stored.count <= graph.maximumRuns)
                #expect(run.result?.success == true)
                visits.insert(Set(run.stored.map { Visit(key: $0.key, status: $0.status) }))
                outcomes.insert(run.outcome)
            }
            #expect(visits.count == 1, "\(graph.edges)")
            orders += outcomes.count > 1 ? 1 : 0
        }
        // Else none of them joins any.
        #expect(orders > Self.graphs / 20)
    }

    /// In whatever order the nodes end, a run in which everything is lost now and then is the same as one without.
    @Test func aCrashChangesNothingOfWhatNodesHaveSeenThatJoinAny() throws {
        try eachChain(survivesFailures: true, joinsAny: true) { graph, chain, seed in
            for (order, limit) in [1, 2, 3, 100].enumerated() {
                var plain = ChainRun(chain, seed: seed, limit: limit, order: seed &+ UInt64(order))
                plain.run()
                var crashed = ChainRun(chain, seed: seed, limit: limit, order: seed)
                crashed.endings = plain.stored.map(\.key)
                crashed.run(crashes: true)
                for run in [plain, crashed] {
                    #expect(run.problems.isEmpty, "\(graph.edges) \(run.problems)")
                    #expect(run.mostAtOnce <= limit)
                    #expect(run.stored.count <= graph.maximumRuns)
                }
                #expect(crashed.outcome == plain.outcome, "\(graph.edges)")
                #expect(crashed.result == plain.result)
            }
        }
    }

    /// Wherever it was cut off, what was stored stays, and the rest follows from it in each order.
    @Test func aRunResumesFromEveryPrefixOfWhatWasStoredWhereNodesJoinAny() throws {
        try eachChain(survivesFailures: true, joinsAny: true) { graph, chain, seed in
            var whole = ChainRun(chain, seed: seed, limit: 100, order: 1)
            whole.run()
            for length in 0...whole.stored.count {
                var same = ChainRun(chain, seed: seed, limit: 100, order: 2)
                same.endings = whole.stored.map(\.key)
                same.run(from: whole.stored.prefix(length))
                #expect(same.problems.isEmpty, "\(graph.edges) \(length) \(same.problems)")
                #expect(same.outcome == whole.outcome, "\(graph.edges) \(length)")
                #expect(same.result == whole.result)
                var other = ChainRun(chain, seed: seed, limit: 2, order: UInt64(length))
                other.run(from: whole.stored.prefix(length))
                #expect(other.problems.isEmpty, "\(graph.edges) \(length) \(other.problems)")
                #expect(other.mostAtOnce <= 2)
                #expect(other.result?.success == true)
            }
        }
    }
}
