import Glibc
import JSON
import Synchronization
import TestSupport

/// Follows a conversation's events with `agentctl events --follow`, and again from where it was when that is cut off.
final class TrialFollower: Sendable {
    let conversation: String
    private let url: String
    private let told = Mutex<[JSONValue]>([])

    init(of conversation: String, url: String) {
        self.conversation = conversation
        self.url = url
    }

    /// All that it was told, by one process after the other.
    var lines: [JSONValue] { told.withLock { $0 } }

    /// Follows until the task is cancelled.
    func run() async {
        while !Task.isCancelled {
            guard let process = try? start() else { return }
            await withTaskCancellationHandler {
                if let result = try? await process.result() { keep(result) }
            } onCancel: {
                process.send(SIGINT)
            }
            // There is no such conversation yet, or no server.
            try? await Task.sleep(for: .milliseconds(200))
        }
    }

    /// Reads what came since, without following.
    func catchUp() async throws {
        keep(try await AgentctlProcess(arguments, environment: ["DATABASE_URL": url]).result())
    }

    private var arguments: [String] {
        ["events", conversation, "--after", "\(lines.last?.number("number") ?? 0)"]
    }

    private func start() throws -> AgentctlProcess {
        try AgentctlProcess(arguments + ["--follow"], environment: ["DATABASE_URL": url])
    }

    private func keep(_ result: AgentctlProcess.Result) {
        // A line that the end of the process cut off was not told.
        let whole = result.output.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        told.withLock { $0 += whole.compactMap { try? JSONValue(parsing: String($0)) } }
    }
}
