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
    private let processes: AsyncStream<Int32>
    private let continuation: AsyncStream<Int32>.Continuation

    init(of server: PostgresServer, logger: Logger) {
        self.server = server
        self.logger = logger
        (processes, continuation) = AsyncStream.makeStream(of: Int32.self)
    }

    /// Takes a process that was given up.
    func add(_ process: Int32) {
        continuation.yield(process)
    }

    /// Ends them, until the task is cancelled and none is left.
    func run() async {
        await withDiscardingTaskGroup { group in
            for await process in processes { group.addTask { await end(process) } }
        }
    }

    private func end(_ process: Int32) async {
        try? await Task.sleep(for: Self.grace)
        do throws(PostgresServerError) {
            guard try server.killBackend(process) else { return }
            logger.warning(
                "a process of the private server was killed, as nothing else ended its statement; the server recovers",
                metadata: ["process": "\(process)"]
            )
        } catch {
            logger.warning("a process of the private server cannot be ended", metadata: ["reason": "\(error.message)"])
        }
    }
}
