import Conversation
internal import Logging
internal import Reactor
import Store

/// A process that is registered as a worker, and what its parts share.
struct WorkerContext: Sendable {
    let store: WorkStore
    /// The worker's id.
    let worker: Int64
    let configuration: WorkerConfiguration
    /// How long a worker without a heartbeat is not counted as lost.
    let timeToLive: Duration
    /// Times a submission may be claimed without being finished.
    let maximumAttempts: Int
    /// How long the worker may count on its leases.
    let term: LeaseTerm
    /// The leases that it knows it holds.
    let leases = LeaseBook()
    /// Interruptions of its turns, and messages that were sent into them.
    let signals: TurnSignals
    /// Which servers of models are not asked for now.
    let endpoints: EndpointBook
    let outage: OutageLog
    let logger: Logger

    /// A worker that is registered already.
    ///
    /// - Parameters:
    ///   - worker: Its id, and the limits that hold for it.
    ///   - term: How long it may count on its leases.
    ///   - endpoints: What is known of the servers of models; kept up to date while it works.
    init(
        store: WorkStore,
        worker: StartedWorker,
        configuration: WorkerConfiguration,
        term: LeaseTerm,
        endpoints: EndpointBook = EndpointBook(store: nil),
        logger: Logger
    ) {
        self.store = store
        self.worker = worker.id
        self.configuration = configuration
        timeToLive = worker.timeToLive
        maximumAttempts = worker.maximumAttempts
        self.term = term
        signals = TurnSignals(store: store, worker: worker.id)
        self.endpoints = endpoints
        outage = OutageLog(logger: logger)
        self.logger = logger
    }

    /// Registers a worker.
    ///
    /// - Parameters:
    ///   - kind: Whether it serves everybody or works off one conversation.
    ///   - store: Where it claims and stores.
    ///   - configuration: How it works.
    ///   - endpoints: What is known of the servers of models.
    ///   - logger: Where it logs.
    /// - Throws: ``StoreError`` when the database cannot be reached.
    static func register(
        _ kind: WorkerDescription.Kind,
        in store: WorkStore,
        _ configuration: WorkerConfiguration,
        endpoints: EndpointBook,
        logger: Logger
    ) async throws(StoreError) -> WorkerContext {
        let began = ContinuousClock.now
        let description = WorkerDescription(
            kind: kind,
            slots: configuration.slots,
            queues: configuration.queues.isEmpty ? nil : configuration.queues,
            offers: configuration.offers
        )
        let worker = try await store.startWorker(description)
        return WorkerContext(
            store: store,
            worker: worker,
            configuration: configuration,
            term: LeaseTerm(worker.timeToLive, from: began),
            endpoints: endpoints,
            logger: logger
        )
    }

    /// Ends the worker's row, also after cancellation; what it still holds goes to others.
    func end() async {
        await uncancelled {
            do throws(StoreError) {
                try await store.stopWorker(worker)
            } catch {
                logger.notice("the worker's row could not be ended; it will time out")
            }
        }
    }

    private enum Part<Result: Sendable>: Sendable {
        case worked(Result)
        case fenced
        case stopped
    }

    /// Does some work, with heartbeats for as long as it takes.
    ///
    /// - Parameter work: The work; it is cancelled when the worker counts as lost.
    /// - Returns: What the work returns, and whether the worker was fenced off meanwhile.
    func whileAlive<Result: Sendable>(
        _ work: @escaping @Sendable () async -> Result
    ) async -> (result: Result?, isFenced: Bool) {
        await withTaskGroup(of: Part<Result>.self) { group in
            group.addTask { .worked(await work()) }
            group.addTask(executorPreference: store.executor) { await Heartbeat(self).run() ? .fenced : .stopped }
            var isFenced = false
            for await part in group {
                switch part {
                case .stopped: continue
                case .fenced:
                    isFenced = true
                    group.cancelAll()
                case .worked(let result):
                    group.cancelAll()
                    return (result, isFenced)
                }
            }
            return (nil, isFenced)
        }
    }
}
