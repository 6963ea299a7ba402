import Engine
import FoundationEssentials
import Glibc
import JSON
import Postgres
import Store
import Synchronization
import TestSupport

/// Many turns of one worker that wait for their model at the same time.
struct WaitingTurns {
    let plan: Plan
    let database: BenchmarkDatabase

    /// Holds each call until all are there, and then for half a second.
    private final class Crowd: Sendable {
        private struct State {
            var waiting = 0
            var most = 0
            var memory = 0
        }

        let expected: Int
        private let gate = MockGate()
        private let state = Mutex(State())

        init(expected: Int) {
            self.expected = expected
        }

        var most: Int { state.withLock(\.most) }
        var memory: Int { state.withLock(\.memory) }

        func wait(_ footprint: @Sendable () -> Int) async throws {
            let isLast = state.withLock { state in
                state.waiting += 1
                state.most = max(state.most, state.waiting)
                return state.waiting == expected
            }
            if isLast {
                try await Task.sleep(for: .milliseconds(500))
                state.withLock { $0.memory = footprint() }
                await gate.openForever()
            }
            try await gate.pass()
            state.withLock { $0.waiting -= 1 }
        }
    }

    func measurements() async throws -> [Measurement] {
        let turns = plan.isQuick ? 100 : 2_000
        let crowd = Crowd(expected: turns)
        let process = Mutex<pid_t>(0)
        let before = Mutex(0)
        try await withMockModel(keepsRequests: false) { _ in
            try await crowd.wait { Self.memory(of: process.withLock { $0 }) }
            return .text(Documents.answer)
        } perform: { model in
            try await database.withClient { client in
                _ = try await Stores(client: client).definitions.register([
                    ["kind": "endpoint", "name": "crowded", "base_url": .string(model.baseURL), "connections": 4_096],
                    ["kind": "model", "name": "crowded", "provider": "openai", "endpoint": "crowded", "model": "m"],
                    ["kind": "agent", "name": "crowded", "model": "crowded", "system_prompt": "Be concise."],
                ])
                let worker = try await WorkerProcess.start(on: database, client: client, slots: turns)
                process.withLock { $0 = worker.process.id }
                before.withLock { $0 = Self.memory(of: worker.process.id) }
                try await client.query(
                    """
                    SELECT count(agentctl.submit('crowd ' || n, $1, 'crowded')), pg_notify('agentctl_ready', '')
                    FROM generate_series(1, $2::integer) AS n
                    """,
                    [.text(Documents.question), .integer(Int64(turns))]
                )
                try await eventually("all turns to end", within: .seconds(120)) {
                    try await client.read(
                        "SELECT FROM agentctl.conversation_control WHERE conversation_id LIKE 'crowd %' AND head_seq < tail_seq LIMIT 1",
                        []
                    ).isEmpty
                }
                try await worker.stop()
            }
        }
        let each = Double(crowd.memory - before.withLock { $0 }) / Double(turns) / 1_024
        return [
            Measurement(
                subject: "Turns of one worker in flight at once, of \(Format.number(Double(turns))) that wait 500 ms",
                measured: Format.number(Double(crowd.most)),
                target: .init(text: "all", isMet: crowd.most == turns)
            ),
            Measurement(
                subject: "— memory of the worker for each",
                measured: "\(Format.number(each)) KB",
                target: .atMost(64, each, unit: " KB")
            ),
        ]
    }

    /// Resident memory of a process in bytes.
    private static func memory(of process: pid_t) -> Int {
        let text = FileManager.default.contents(atPath: "/proc/\(process)/statm")
            .map { String(decoding: $0, as: UTF8.self) }
        let pages = text?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        return pages * sysconf(Int32(_SC_PAGESIZE))
    }
}
