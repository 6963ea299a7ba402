import Logging
import Reactor

/// What a sandbox does, all of it on the thread of one reactor.
final class SandboxEngine: @unchecked Sendable {
    // Sendable is right: everything but `loop`, `configuration` and `logger` is touched on the loop's thread only,
    // where `run` puts callers from elsewhere.

    let loop: Reactor
    let configuration: SandboxConfiguration
    let logger: Logger

    var pool: WorkerPool
    /// What is tried next when an interpreter cannot be started.
    var isolation: Isolation
    /// Why a stronger isolation was given up.
    var shortcomings: [String] = []
    var interpreters: [WorkerPool.Generation: Interpreter] = [:]
    var workers: [WorkerPool.WorkerID: Worker] = [:]
    var calls: [WorkerPool.CallID: RunningCall] = [:]
    var shells: [UInt64: ShellRun] = [:]
    var waitingShells: [ShellRun] = []
    /// The memory of command lines cannot be read, which has been logged.
    var isMemoryHidden = false
    /// Who waits for spare workers to be ready.
    var warmUps: [(Result<Void, SandboxError>) -> Void] = []
    /// Who waits until everything is gone.
    var shutdowns: [() -> Void] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    /// Why the last interpreter could not be started.
    var lastStartError: SandboxError?
    /// Why the last worker that was of no use was not.
    var lastWorkerError = SandboxError(.broken, "the sandbox's workers end before they are asked for anything")
    var isFinished = false

    init(_ configuration: SandboxConfiguration, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
        loop = Reactor(name: "sandbox")
        isolation = configuration.enforcement == .none ? .none : .namespaces
        pool = WorkerPool(
            spareWorkers: configuration.spareWorkers,
            maximumConcurrentCalls: configuration.maximumConcurrentCalls,
            callsPerInterpreter: configuration.callsPerInterpreter
        )
    }

    /// Runs `body` on the loop's thread.
    func run(_ body: @escaping @Sendable (SandboxEngine) -> Void) {
        loop.execute { body(self) }
    }

    /// Does what the pool decided.
    func perform(_ actions: [WorkerPool.Action]) {
        for action in actions {
            switch action {
            case .startInterpreter(let generation): startInterpreter(generation)
            case .makeWorker(let number, let generation): makeWorker(number, generation)
            case .run(let call, let worker): begin(call, on: worker)
            case .kill(let worker): workers[worker]?.kill()
            case .stopInterpreter(let generation): stopInterpreter(generation)
            case .fail(let call, let error): fail(call, error)
            case .finish: finishIfOver()
            }
        }
        tellWarmUps()
    }

    private func makeWorker(_ number: UInt64, _ generation: Int) {
        guard interpreters[generation]?.requestWorker(number) != true else { return }
        let error = SandboxError(.broken, "the interpreter takes no more requests")
        perform(pool.workerFailed(number, error: error))
    }

    /// Ends a call that no worker has, or whose worker is gone.
    func fail(_ id: WorkerPool.CallID, _ error: SandboxError) {
        guard let call = calls.removeValue(forKey: id) else { return }
        stopTimers(of: call)
        call.complete(.failure(call.errorWhenKilled ?? error))
    }

    private func tellWarmUps() {
        guard !warmUps.isEmpty else { return }
        let isWarm = pool.isReady && workers.values.count { $0.isPrepared } >= configuration.spareWorkers
        guard isWarm || pool.isShutDown else { return }
        let waiting = warmUps
        warmUps = []
        for complete in waiting { complete(isWarm ? .success(()) : .failure(.shutDown)) }
    }

    // MARK: Ending

    /// Kills everything; `complete` is called when it is gone.
    func shutDown(_ complete: @escaping () -> Void) {
        if isFinished { return complete() }
        shutdowns.append(complete)
        for worker in workers.values { worker.call?.killed = .shutDown }
        stopShells()
        perform(pool.shutDown())
    }

    /// Ends the loop when nothing is left after a shutdown.
    func finishIfOver() {
        guard !isFinished, pool.isShutDown, pool.interpreters.isEmpty, pool.workers.isEmpty, shells.isEmpty else {
            return
        }
        isFinished = true
        let waiting = shutdowns
        shutdowns = []
        for complete in waiting { complete() }
        loop.shutdown()
    }
}
