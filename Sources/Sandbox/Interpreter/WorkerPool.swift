/// Which call runs on which worker, and when interpreters and workers are made: decisions without any I/O.
///
/// An interpreter is what workers are forked from, known by its generation. A worker takes one call. Events come in as
/// method calls, and what is to be done comes out as actions, in order.
struct WorkerPool {
    typealias CallID = UInt64
    typealias WorkerID = UInt64
    typealias Generation = Int

    /// Something that is to be done.
    enum Action: Hashable {
        case startInterpreter(Generation)
        case makeWorker(WorkerID, Generation)
        case run(CallID, WorkerID)
        case kill(WorkerID)
        /// None of its workers is needed any longer.
        case stopInterpreter(Generation)
        case fail(CallID, SandboxError)
        /// After a shutdown: nothing is left.
        case finish
    }

    enum WorkerState: Hashable {
        case requested
        case idle
        case busy(CallID)
        case ending
    }

    struct Worker: Hashable {
        let generation: Generation
        var state: WorkerState
    }

    enum InterpreterState: Hashable {
        case starting
        case ready
        /// It finishes its calls and gets no new ones.
        case draining
        /// It was asked to end.
        case stopping
    }

    struct Interpreter: Hashable {
        var state = InterpreterState.starting
        var calls = 0
    }

    let spareWorkers: Int
    let maximumConcurrentCalls: Int
    let callsPerInterpreter: Int

    private(set) var interpreters: [Generation: Interpreter] = [:]
    private(set) var workers: [WorkerID: Worker] = [:]
    private(set) var waiting: [CallID] = []
    private(set) var isShutDown = false
    /// The interpreter that new calls go to.
    private var current: Generation?
    /// The one that takes its place when it is ready.
    private var next: Generation?
    private var lastGeneration = 0
    private var lastWorker: WorkerID = 0
    /// Interpreters that died one after the other without a call that came to its end.
    private var deaths = 0
    /// Workers that ended one after the other without being of use.
    private var uselessWorkers = 0

    static let maximumDeaths = 3
    static let maximumUselessWorkers = 3

    init(spareWorkers: Int, maximumConcurrentCalls: Int, callsPerInterpreter: Int) {
        self.spareWorkers = max(0, spareWorkers)
        self.maximumConcurrentCalls = max(1, maximumConcurrentCalls)
        self.callsPerInterpreter = max(1, callsPerInterpreter)
    }

    /// Calls that run.
    var runningCalls: Int {
        workers.values.count { if case .busy = $0.state { true } else { false } }
    }

    /// Workers of the current interpreter that are ready.
    var idleWorkers: Int {
        workers.values.count { $0.generation == current && $0.state == .idle }
    }

    var isReady: Bool { current != nil }

    // MARK: Events

    /// Starts an interpreter although there is no call yet.
    mutating func warmUp() -> [Action] {
        isShutDown ? [] : startIfNeeded() + fill()
    }

    /// A call came.
    mutating func add(_ call: CallID) -> [Action] {
        if isShutDown { return [.fail(call, .shutDown)] }
        waiting.append(call)
        return startIfNeeded() + fill()
    }

    /// A call is not wanted any longer.
    ///
    /// - Returns: Whether it waited; one that runs has to be ended by its worker's end.
    mutating func removeWaiting(_ call: CallID) -> Bool {
        guard let index = waiting.firstIndex(of: call) else { return false }
        waiting.remove(at: index)
        return true
    }

    /// An interpreter can make workers.
    mutating func interpreterIsReady(_ generation: Generation) -> [Action] {
        guard interpreters[generation]?.state == .starting, !isShutDown else { return [] }
        interpreters[generation]?.state = .ready
        next = nil
        let old = current
        current = generation
        return (old.map { drain($0) } ?? []) + fill()
    }

    /// An interpreter is gone, and its workers with it.
    ///
    /// - Parameter error: What calls fail with if it never was ready.
    mutating func interpreterEnded(_ generation: Generation, error: SandboxError) -> [Action] {
        guard let interpreter = interpreters.removeValue(forKey: generation) else { return [] }
        var actions: [Action] = []
        for (id, worker) in workers.sorted(by: { $0.key < $1.key }) where worker.generation == generation {
            workers[id] = nil
            if case .busy(let call) = worker.state {
                actions.append(.fail(call, SandboxError(.broken, "the interpreter ended while the call ran")))
            }
        }
        if next == generation { next = nil }
        if current == generation { current = nil }
        if interpreter.state == .starting || interpreter.state == .ready { deaths += 1 }
        if isShutDown { return actions + finishIfEmpty() }
        if interpreter.state == .starting || deaths >= Self.maximumDeaths, current == nil {
            deaths = 0
            actions += waiting.map { .fail($0, error) }
            waiting = []
        }
        return actions + (waiting.isEmpty ? [] : startIfNeeded()) + fill()
    }

    /// A worker can take a call.
    mutating func workerIsReady(_ id: WorkerID) -> [Action] {
        guard let worker = workers[id], worker.state == .requested else { return [.kill(id)] }
        guard !isShutDown, worker.generation == current else {
            workers[id]?.state = .ending
            return [.kill(id)]
        }
        workers[id]?.state = .idle
        return fill()
    }

    /// A worker could not be made.
    mutating func workerFailed(_ id: WorkerID, error: SandboxError) -> [Action] {
        guard let worker = workers.removeValue(forKey: id) else { return [] }
        let actions = uselessWorkerEnded(error) + stopIfDrained(worker.generation)
        return actions + (isShutDown ? finishIfEmpty() : fill())
    }

    /// A call has its answer, before its worker is gone.
    mutating func callEnded(_ id: WorkerID) -> [Action] {
        guard let worker = workers[id], case .busy = worker.state else { return [] }
        workers[id]?.state = .ending
        deaths = 0
        uselessWorkers = 0
        return [.kill(id)] + fill()
    }

    /// A worker is gone.
    ///
    /// - Parameter error: What calls fail with if workers end before they are of any use.
    mutating func workerEnded(_ id: WorkerID, error: SandboxError) -> [Action] {
        guard let worker = workers.removeValue(forKey: id) else { return [] }
        var actions: [Action] = []
        switch worker.state {
        case .busy:
            deaths = 0
            uselessWorkers = 0
        case .idle, .requested: actions += uselessWorkerEnded(error)
        case .ending: break
        }
        actions += stopIfDrained(worker.generation)
        return actions + (isShutDown ? finishIfEmpty() : fill())
    }

    private mutating func uselessWorkerEnded(_ error: SandboxError) -> [Action] {
        uselessWorkers += 1
        guard uselessWorkers >= Self.maximumUselessWorkers else { return [] }
        defer { waiting = [] }
        return waiting.map { .fail($0, error) }
    }

    /// New calls go to a new interpreter from now on.
    mutating func replaceInterpreter() -> [Action] {
        guard !isShutDown else { return [] }
        let old = [current, next].compactMap { $0 }
        current = nil
        next = nil
        return old.flatMap { drain($0) } + startIfNeeded()
    }

    /// Everything ends.
    mutating func shutDown() -> [Action] {
        guard !isShutDown else { return finishIfEmpty() }
        isShutDown = true
        let actions: [Action] = waiting.map { .fail($0, .shutDown) }
        waiting = []
        current = nil
        next = nil
        let kills = workers.keys.sorted().map { Action.kill($0) }
        let stops = interpreters.keys.sorted().map { Action.stopInterpreter($0) }
        for id in workers.keys { workers[id]?.state = .ending }
        for generation in interpreters.keys { interpreters[generation]?.state = .stopping }
        return actions + kills + stops + finishIfEmpty()
    }

    // MARK: Decisions

    private mutating func startIfNeeded() -> [Action] {
        guard current == nil, next == nil else { return [] }
        return [start()]
    }

    private mutating func start() -> Action {
        lastGeneration += 1
        next = lastGeneration
        interpreters[lastGeneration] = Interpreter()
        return .startInterpreter(lastGeneration)
    }

    /// Gives waiting calls to idle workers and has as many made as will be needed.
    private mutating func fill() -> [Action] {
        guard !isShutDown, let current else { return [] }
        var actions: [Action] = []
        var running = runningCalls
        let idle = workers.filter { $0.value.generation == current && $0.value.state == .idle }.keys.sorted()
        for id in idle {
            guard running < maximumConcurrentCalls, !waiting.isEmpty else { break }
            let call = waiting.removeFirst()
            workers[id]?.state = .busy(call)
            interpreters[current]?.calls += 1
            running += 1
            actions.append(.run(call, id))
        }
        if next == nil, interpreters[current]?.calls ?? 0 >= callsPerInterpreter { actions.append(start()) }
        let onTheirWay = workers.values.count {
            $0.generation == current && ($0.state == .idle || $0.state == .requested)
        }
        // Workers that end at once are made for calls only, not for ever.
        let spare = uselessWorkers < Self.maximumUselessWorkers ? spareWorkers : 0
        let wanted = min(waiting.count, maximumConcurrentCalls - running) + spare
        for _ in 0..<max(0, wanted - onTheirWay) {
            lastWorker += 1
            workers[lastWorker] = Worker(generation: current, state: .requested)
            actions.append(.makeWorker(lastWorker, current))
        }
        return actions
    }

    private mutating func drain(_ generation: Generation) -> [Action] {
        interpreters[generation]?.state = .draining
        var actions: [Action] = []
        for (id, worker) in workers.sorted(by: { $0.key < $1.key })
        where worker.generation == generation && worker.state == .idle {
            workers[id]?.state = .ending
            actions.append(.kill(id))
        }
        return actions + stopIfDrained(generation)
    }

    private mutating func stopIfDrained(_ generation: Generation) -> [Action] {
        guard interpreters[generation]?.state == .draining,
            !workers.values.contains(where: { $0.generation == generation })
        else { return [] }
        interpreters[generation]?.state = .stopping
        return [.stopInterpreter(generation)]
    }

    private func finishIfEmpty() -> [Action] {
        isShutDown && workers.isEmpty && interpreters.isEmpty ? [.finish] : []
    }
}

extension SandboxError {
    static let shutDown = SandboxError(.shutdown, "the sandbox was shut down")
}
