import Conversation
package import Functions
package import Logging
package import Models
import Orchestration
internal import Reactor
public import ServiceLifecycle
package import Store
package import Tools

/// Processes submissions, many conversations at once, until it is stopped.
///
/// A worker claims conversations as it has free slots, runs their turns, and stores each in the commit that claims the
/// next. On graceful shutdown it claims no more and lets what runs come to its end; on cancellation it gives back
/// what it holds. When the database counts it as lost, it drops everything and starts again under another id.
public final class Worker: Service {
    private let store: WorkStore
    private let registry: AgentRegistry
    private let services: ToolServices
    private let functions: FunctionCache
    private let embedder: Embedder?
    private let configuration: WorkerConfiguration
    private let logger: Logger
    private let wakeUp = WakeUp()
    private let schedulesWakeUp = WakeUp()
    private let hooksWakeUp = WakeUp()
    private let embeddingsWakeUp = WakeUp()

    /// A worker.
    ///
    /// - Parameters:
    ///   - store: Where it claims and stores.
    ///   - registry: Where agents come from.
    ///   - services: What the process can do for tools.
    ///   - functions: Keeps functions compiled, for agents and for calls from SQL.
    ///   - embedder: Asks the model that makes vectors; nil where none can be asked.
    ///   - configuration: How it works.
    ///   - logger: Where it logs.
    package init(
        store: WorkStore,
        registry: AgentRegistry,
        services: ToolServices,
        functions: FunctionCache = FunctionCache(),
        embedder: Embedder? = nil,
        configuration: WorkerConfiguration = .init(),
        logger: Logger
    ) {
        self.store = store
        self.registry = registry
        self.services = services
        self.functions = functions
        self.embedder = embedder
        self.configuration = configuration
        self.logger = logger
    }

    /// Works until graceful shutdown or cancellation.
    ///
    /// - Throws: ``StoreError`` when the database cannot be reached at the start, or has not the schema of this release;
    ///   later the worker waits for it.
    public func run() async throws {
        var hasStarted = false
        while !Task.isCancelled, !Task.isShuttingDownGracefully {
            do throws(StoreError) {
                let (context, loop) = try await start()
                hasStarted = true
                let isFenced = await work(in: context, loop)
                if isFenced { logger.warning("the database counts this worker as lost; starting again") }
            } catch {
                guard hasStarted, error.isTransient else { throw error }
                logger.warning("the database is away", metadata: error.metadata)
                do { try await Task.sleep(for: .seconds(1)) } catch { return }
            }
        }
    }

    private func start() async throws(StoreError) -> (WorkerContext, TurnLoop) {
        try await store.requireSchema()
        let context = try await WorkerContext.register(
            .service,
            in: store,
            configuration,
            endpoints: registry.endpoints,
            logger: logger
        )
        logger.info("working", metadata: ["worker": "\(context.worker)", "slots": "\(configuration.slots)"])
        return (context, TurnLoop(registry: registry, services: services, maximumAttempts: context.maximumAttempts))
    }

    /// Works until graceful shutdown or cancellation, or until the worker is fenced off.
    ///
    /// - Returns: Whether it was fenced off.
    private func work(in context: WorkerContext, _ loop: TurnLoop) async -> Bool {
        let deltas = DeltaWriter(store: store, interval: configuration.deltaInterval, logger: logger)
        let writer = TurnWriter(store: store, worker: context.worker, logger: logger)
        let processor = TurnProcessor(
            context: context,
            loop: loop,
            policy: .release,
            writer: writer,
            memory: LockedValue(MessageMemory()),
            parked: ParkedRuns()
        )
        let teller = TaskTeller(store: store)
        let dispatcher = Dispatcher(context: context, deltas: deltas, processor: processor, teller: teller)
        let hooks = HookDispatcher(context: context, sender: HookSender(services: services), wakeUp: hooksWakeUp)
        let queue = FunctionQueue(
            context: context,
            services: services,
            maximumAttempts: context.maximumAttempts,
            cache: functions
        )
        let outcome = await context.whileAlive {
            await withDiscardingTaskGroup { background in
                background.addTask { await Maintenance(context: context).run() }
                background.addTask { await Retention(context: context).run() }
                background.addTask { await deltas.run() }
                background.addTask { await teller.run { self.wakeUp.wake() } }
                background.addTask { await self.runSchedules(context) }
                background.addTask { await hooks.run() }
                background.addTask { await self.embed(in: context) }
                background.addTask { await self.listen(context.signals) }
                await withDiscardingTaskGroup { processing in
                    processing.addTask { await dispatcher.runner(self.wakeUp).run() }
                    processing.addTask { await queue.runner().run() }
                }
                background.cancelAll()
            }
        }
        await context.end()
        return outcome.isFenced
    }

    private func listen(_ signals: TurnSignals) async {
        for await notice in store.notices() {
            switch notice {
            // What is missed here is found with the next heartbeat.
            case .signal:
                // A turn that waited is stopped by being claimed once more.
                wakeUp.wake()
                try? await signals.refresh()
            case .definitions:
                registry.invalidate()
                schedulesWakeUp.wake()
                hooksWakeUp.wake()
                embeddingsWakeUp.wake()
            case .endpoints: try? await registry.endpoints.refresh()
            case .ready, .connected: wakeUp.wake()
            }
        }
    }

    private func embed(in context: WorkerContext) async {
        guard let embedder else { return }
        await EmbeddingQueue(context: context, embedder: embedder, wakeUp: embeddingsWakeUp).run()
    }

    private func runSchedules(_ context: WorkerContext) async {
        await ScheduleClock(context: context, wakeUp: schedulesWakeUp).run {
            // Others are notified by what is submitted.
            wakeUp.wake()
        }
    }
}
