import ArgumentParser
import Engine
import Logging
import Postgres
import ServiceLifecycle
import Store

/// The command `agentctl work`.
struct Work: ToolCommand {
    static let configuration = CommandConfiguration(
        abstract: "Process what anybody submits, many conversations at once.",
        discussion: """
            Any number of workers share one database. SIGTERM or Ctrl-C drains: running turns end, no new one begins; a second \
            signal gives running turns back to other workers at once, with exit code 130. Another process submits with agentctl send, or in \
            SQL: SELECT agentctl.submit('123', 'What time is it?')

            A worker claims what waits in its queues and what it can serve: it has the variables that the models, tools and \
            functions of the agent name, and the workspace, if one is asked for. It leaves the rest alone: agentctl workers \
            --unserved. Of its environment it says the names.

            The log is on stderr, with one line for each turn that ended; with --json an object a line. AGENTCTL_LOG_LEVEL is \
            trace, debug, info, notice, warning, error or critical.

            EXAMPLE
              agentctl work --slots 64 --workspace /srv/documents
              agentctl work --queue coding --queue default
              agentctl work --json 2>&1 | jq 'select(.error_code)'
            """
    )

    @Option(help: ArgumentHelp("Conversations that are processed at once.", valueName: "count"))
    var slots = 64

    @Option(
        help: ArgumentHelp(
            "A queue to work off; may be given more than once. Default: default alone.",
            valueName: "name"
        )
    )
    var queue: [String] = []

    @Flag(help: "Work off all queues.")
    var allQueues = false

    @OptionGroup var tools: ToolOptions

    @OptionGroup var options: GlobalOptions

    func validate() throws {
        guard (1...10_000).contains(slots) else { throw ValidationError("--slots is between 1 and 10000.") }
        guard queue.isEmpty || !allQueues else { throw ValidationError("--queue and --all-queues exclude each other.") }
    }

    func run(on console: Console) async throws -> ExitStatus {
        let logger = logger(.info)
        return try await withClient(on: console, logLevel: .warning) { configuration in
            configuration.acquireTimeout = .seconds(10)
            configuration.maximumConnections = min(32, max(8, slots / 4))
        } _: { client in
            let engine = try AgentEngine(stores: Stores(client: client), options: tools, logger: logger)
            let queues = allQueues ? [] : queue.isEmpty ? ["default"] : queue
            let worker = engine.worker(WorkerConfiguration(slots: slots, queues: queues))
            // Beside the work: messages that run no code need not wait for it.
            async let examination: Void = tools.isUnsandboxed ? () : engine.examineSandbox()
            do {
                let status = try await Self.serve(worker, logger: logger)
                await examination
                await engine.shutdown()
                return status
            } catch {
                await engine.shutdown()
                throw error
            }
        }
    }

    /// Runs the worker; the first signal drains it and the second cancels it.
    private static func serve(_ worker: Worker, logger: Logger) async throws -> ExitStatus {
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [.init(service: worker, successTerminationBehavior: .gracefullyShutdownGroup)],
                logger: Logger(label: "agentctl.services") { _ in SwiftLogNoOpLogHandler() }
            )
        )
        let (signals, continuation) = AsyncStream.makeStream(of: Void.self)
        let watch = SignalWatch { continuation.yield() }
        defer { watch.end() }
        return try await withThrowingTaskGroup(of: ExitStatus.self) { tasks in
            tasks.addTask {
                try await group.run()
                return .done
            }
            tasks.addTask {
                var isDraining = false
                for await _ in signals where !Task.isCancelled {
                    if isDraining { break }
                    isDraining = true
                    logger.info("draining: running turns end, no new one begins")
                    await group.triggerGracefulShutdown()
                }
                return .interrupted
            }
            // Whichever ends first: the worker, or the patience of the sender of signals.
            let status = try await tasks.next() ?? .done
            tasks.cancelAll()
            return status
        }
    }
}
