import EmbeddedPostgres
import Logging

/// Kills backends of the private server whose statement no request to cancel ends.
///
/// Nobody but this program administers that server, so it does what an administrator would. Killing a process costs all
/// connections about a second, so it has a minute first; one that a command leaves behind as it ends has none.
struct StuckBackends: Sendable {
    private static let grace = Duration.seconds(60)

    private let server: PostgresServer
    private let logger: Logger
    private let processes: AsyncStream<PostgresServer.Backend>
    private let continuation: AsyncStream<PostgresServer.Backend>.Continuation

    init(of server: PostgresServer, logger: Logger) {
        self.server = server
        self.logger = logger
        (processes, continuation) = AsyncStream.makeStream(of: PostgresServer.Backend.self)
    }

    /// Takes a process that was given up just now: later its number may be another's.
    func add(_ process: Int32) {
        do throws(PostgresServerError) {
            if let backend = try server.backend(process) { continuation.yield(backend) }
        } catch {
            report(error)
        }
    }

    /// Ends them, until the task is cancelled and none is left.
    func run() async {
        await withDiscardingTaskGroup { group in
            for await backend in processes { group.addTask { await end(backend) } }
        }
    }

    private func end(_ backend: PostgresServer.Backend) async {
        try? await Task.sleep(for: Self.grace)
        do throws(PostgresServerError) {
            guard try server.killBackend(backend) else { return }
            logger.warning(
                "a process of the private server was killed, as nothing else ended its statement; the server recovers",
                metadata: ["process": "\(backend.process)"]
            )
        } catch {
            report(error)
        }
    }

    private func report(_ error: PostgresServerError) {
        logger.warning("a process of the private server cannot be ended", metadata: ["reason": "\(error.message)"])
    }
}
