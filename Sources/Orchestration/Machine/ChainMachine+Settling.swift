internal import JSON

extension ChainMachine {
    /// Follows everything that can be decided, and starts what can start.
    ///
    /// - Parameter wasStarted: Starts only visits that an earlier machine has started, and however many: the limit was kept
    ///   then, in another order. nil for all that the limit allows.
    mutating func settle(starting wasStarted: ((NodeRun.Key) -> Bool)? = nil) {
        var hasChanged = true
        while hasChanged, result == nil {
            hasChanged = false
            for node in chain.structure.order where states[node] == .undecided && decide(node) { hasChanged = true }
            for loop in loops.indices where loops[loop].phase == .running && endIteration(of: loop) {
                hasChanged = true
            }
            for node in chain.structure.order where states[node] == .ready && mayStart(node, wasStarted) {
                start(node)
                hasChanged = true
                // What has ended at once is followed before anything else ends.
                if states[node] != .running { break }
            }
        }
        if result == nil, wasStarted == nil, started.isEmpty { end(nil) }
    }

    private func mayStart(_ node: Int, _ wasStarted: ((NodeRun.Key) -> Bool)?) -> Bool {
        wasStarted?(NodeRun.Key(chain.nodes[node].name, visits[node] + 1)) ?? (started.count < maximumParallel)
    }

    /// Decides whether a node runs; false while that is open.
    private mutating func decide(_ node: Int) -> Bool {
        let structure = chain.structure
        let own = structure.loopOfNode[node]
        let header = own.flatMap { structure.loops[$0].header == node ? $0 : nil }
        if let header, loops[header].phase == .running {
            ways[node] = loops[header].entry
            states[node] = .ready
            return true
        }
        guard isRunning(header.map { structure.loops[$0].outer } ?? own) else { return false }
        var taken: [Int] = []
        var isOpen = false
        for edge in structure.edgesIn[node] {
            switch isTaken(edge) {
            case true?: taken.append(edge)
            case false?: break
            case nil: isOpen = true
            }
        }
        let joinsNow = chain.nodes[node].joinsAny && !taken.isEmpty
        guard joinsNow || !isOpen else { return false }
        let runs = !taken.isEmpty || (node == 0 && structure.edgesIn[node].isEmpty)
        switch (header, runs) {
        case (let header?, true): loops[header] = LoopState(phase: .running, iteration: 1, entry: leading(by: taken))
        case (let header?, false): skip(header)
        case (nil, true):
            ways[node] = leading(by: taken)
            states[node] = .ready
        case (nil, false): states[node] = .skipped
        }
        return true
    }

    /// Whether the region is being run: a loop, or the whole chain.
    private func isRunning(_ loop: Int?) -> Bool {
        loop.map { loops[$0].phase == .running } ?? true
    }

    /// Whether an edge that leads on is taken; nil while that is open.
    private func isTaken(_ edge: Int) -> Bool? {
        for loop in chain.structure.loopsLeft[edge] {
            switch loops[loop].phase {
            case .pending, .running: return nil
            case .skipped: return false
            case .ended: break
            }
        }
        guard let source = chain.index(of: chain.edges[edge].source) else { return false }
        switch states[source] {
        case .undecided, .ready, .running: return nil
        case .skipped: return false
        case .succeeded, .failed: return holds(edge)
        }
    }

    /// The runs that lead on by edges: of the node that each leaves, and of the largest loop that it leaves.
    private func leading(by edges: [Int]) -> [NodeRun.Key] {
        var keys: Set<NodeRun.Key> = []
        for edge in edges {
            if let loop = chain.structure.loopsLeft[edge].last { keys.formUnion(loops[loop].runs) }
            let source = chain.edges[edge].source
            if let node = chain.index(of: source) { keys.insert(NodeRun.Key(source, visits[node])) }
        }
        return keys.sorted()
    }

    private mutating func skip(_ loop: Int) {
        let body = chain.structure.loops[loop].body
        for node in body { states[node] = .skipped }
        for inner in loops.indices where chain.structure.loops[inner].body.isSubset(of: body) {
            loops[inner].phase = .skipped
        }
    }

    /// Ends the iteration of a loop, if everything in it has ended: by another one, or by its ways out.
    private mutating func endIteration(of loop: Int) -> Bool {
        let region = chain.structure.loops[loop]
        guard region.body.allSatisfy({ states[$0].isDecided }) else { return false }
        let back = chain.structure.edgesBack[loop].filter { edge in
            guard let source = chain.index(of: chain.edges[edge].source) else { return false }
            return states[source] != .skipped && holds(edge)
        }
        guard !back.isEmpty else {
            loops[loop].phase = .ended
            return true
        }
        if loops[loop].iteration < region.bound {
            loops[loop].iteration += 1
            loops[loop].entry = loops[loop].runs.sorted()
            loops[loop].runs = []
            for node in region.body { states[node] = .undecided }
            for inner in loops.indices
            where inner != loop && chain.structure.loops[inner].body.isStrictSubset(of: region.body) {
                loops[inner] = LoopState()
            }
            return true
        }
        loops[loop].phase = .ended
        let sources = back.compactMap { chain.index(of: chain.edges[$0].source) }
        atBound.formUnion(sources)
        // A failure that led back has to have another way now.
        for node in Set(sources).sorted() where states[node] == .failed && !hasWay(node) {
            end(runs[NodeRun.Key(chain.nodes[node].name, visits[node])])
            break
        }
        return true
    }

    /// Whether a node that has ended has a way on.
    func hasWay(_ node: Int) -> Bool {
        chain.structure.edgesOut[node].contains { holds($0) }
    }

    /// Whether what takes an edge is the case, after its node has ended.
    private func holds(_ index: Int) -> Bool {
        let edge = chain.edges[index]
        guard let node = chain.index(of: edge.source) else { return false }
        let matches =
            switch edge.trigger {
            case .success: states[node] == .succeeded
            case .failure: states[node] == .failed
            case .always: true
            case .limit: atBound.contains(node)
            }
        guard matches else { return false }
        guard edge.isOtherwise else { return isConditionMet(edge, node) }
        if edge.bound != nil, atBound.contains(node) { return false }
        return !chain.structure.edgesOut[node].contains { other in
            let edge = chain.edges[other]
            return other != index && edge.trigger == .success && !edge.isOtherwise && isConditionMet(edge, node)
        }
    }

    private func isConditionMet(_ edge: ChainEdge, _ node: Int) -> Bool {
        if edge.bound != nil, atBound.contains(node) { return false }
        if edge.isChosen {
            let run = runs[NodeRun.Key(edge.source, visits[node])]
            return run?.choices.contains(edge.target ?? "end") ?? false
        }
        guard let condition = edge.condition, let scope = scopes[node] else { return true }
        return condition.holds(in: scope)
    }
}
