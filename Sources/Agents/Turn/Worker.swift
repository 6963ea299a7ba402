public import Logging
import Postgres
public import ServiceLifecycle
internal import Synchronization

/// Processes what anybody submitted, many conversations at once, until it is told to stop.
///
/// A worker claims conversations as it has free slots, runs their turns, and stores each in the commit that claims the
/// next. On graceful shutdown it claims no more and lets what runs come to its end; on cancellation it gives back
/// what it holds. When the database counts it as lost, it drops everything and starts anew under another id.
public final class Worker: Service {
    private let store: Store
    private let registry: AgentRegistry
    private let services: ToolServices
    private let functions: FunctionCache
    private let configuration: WorkerConfiguration
    private let logger: Logger
    private let wakeUp = WakeUp()
    private let isDraining = Mutex(false)

    /// A worker.
    ///
    /// - Parameters:
    ///   - store: The database.
    ///   - registry: Where agents come from.
    ///   - services: What the process can do for tools.
    ///   - functions: Keeps functions compiled, for agents and for calls from SQL.
    ///   - configuration: How it works.
    ///   - logger: Where it says what happens.
    public init(
        store: Store,
        registry: AgentRegistry,
        services: ToolServices,
        functions: FunctionCache = FunctionCache(),
        configuration: WorkerConfiguration = .init(),
        logger: Logger
    ) {
        self.store = store
        self.registry = registry
        self.services = services
        self.functions = functions
        self.configuration = configuration
        self.logger = logger
    }

    /// Works until graceful shutdown or cancellation.
    ///
    /// - Throws: ``StoreError`` when the database cannot be reached at the start; later the worker waits for it.
    public func run() async throws {
        try await withGracefulShutdownHandler {
            var hasStarted = false
            while !Task.isCancelled, !isDraining.withLock({ $0 }) {
                do {
                    try await runOnce { hasStarted = true }
                } catch is Heartbeat.Fenced {
                    logger.warning("the database counts this worker as lost; starting anew")
                } catch let error as StoreError where hasStarted && error.isTransient {
                    logger.warning("the database is away", metadata: error.metadata)
                    try await Task.sleep(for: .seconds(1))
                } catch is CancellationError {
                    return
                }
            }
        } onGracefulShutdown: {
            self.isDraining.withLock { $0 = true }
            self.wakeUp.wake()
        }
    }

    private enum Part: Sendable {
        case processing
        case other
    }

    private func runOnce(started: () -> Void) async throws {
        try await store.createPartitions()
        let began = ContinuousClock.now
        let worker = try await store.startWorker(WorkerDescription(kind: .service, slots: configuration.slots))
        let timeToLive = try await store.timeToLive(of: worker)
        let term = LeaseTerm(timeToLive, from: began)
        let loop = TurnLoop(
            registry: registry,
            services: services,
            maximumAttempts: try await store.maximumAttempts()
        )
        started()
        logger.info("working", metadata: ["worker": "\(worker)", "slots": "\(configuration.slots)"])
        let leases = LeaseBook()
        let signals = TurnSignals(store: store, worker: worker)
        let outage = OutageLog(logger: logger)
        let deltas = DeltaWriter(store: store, interval: configuration.deltaInterval, logger: logger)
        let heartbeat = Heartbeat(
            store: store,
            worker: worker,
            interval: min(configuration.heartbeatInterval, Heartbeat.interval(for: timeToLive)),
            term: term,
            leases: leases,
            signals: signals,
            isDraining: { self.isDraining.withLock { $0 } },
            outage: outage,
            logger: logger
        )
        let dispatcher = Dispatcher(
            store: store,
            worker: worker,
            configuration: configuration,
            leases: leases,
            deltas: deltas,
            wakeUp: wakeUp,
            processor: TurnProcessor(
                store: store,
                loop: loop,
                worker: worker,
                policy: .release,
                signals: signals,
                term: term,
                logger: logger
            ),
            isDraining: { self.isDraining.withLock { $0 } },
            outage: outage
        )
        let queue = FunctionQueue(
            store: store,
            worker: worker,
            services: services,
            configuration: configuration,
            maximumAttempts: loop.maximumAttempts,
            isDraining: { self.isDraining.withLock { $0 } },
            outage: outage,
            logger: logger,
            cache: functions
        )
        do {
            try await withThrowingTaskGroup(of: Part.self) { group in
                group.addTask {
                    try await heartbeat.run(); return .other
                }
                group.addTask {
                    await Maintenance(
                        store: self.store,
                        interval: Heartbeat.interval(for: timeToLive),
                        outage: outage,
                        logger: self.logger
                    ).run()
                    return .other
                }
                group.addTask {
                    await deltas.run(); return .other
                }
                group.addTask {
                    await self.listen(signals); return .other
                }
                group.addTask {
                    await dispatcher.run(); return .processing
                }
                group.addTask {
                    await queue.run(); return .processing
                }
                var processing = 2
                while let part = try await group.next() {
                    if case .processing = part { processing -= 1 }
                    if processing == 0 { group.cancelAll() }
                }
            }
        } catch {
            await stop(worker)
            throw error
        }
        await stop(worker)
    }

    private func stop(_ worker: Int64) async {
        let (store, logger) = (store, logger)
        await uncancelled {
            do throws(StoreError) {
                try await store.stopWorker(worker)
            } catch {
                logger.notice("the worker's row could not be ended; it will time out")
            }
        }
    }

    private func listen(_ signals: TurnSignals) async {
        let channels = ["agentctl_ready", "agentctl_definitions", "agentctl_signal"]
        for await event in store.client.listen(to: channels) {
            switch event {
            case .notification(let channel, _) where channel == "agentctl_signal":
                // What is missed here is found with the next heartbeat.
                try? await signals.look()
            case .notification(let channel, _) where channel == "agentctl_definitions": registry.invalidate()
            case .notification, .connected: wakeUp.wake()
            }
        }
    }
}
