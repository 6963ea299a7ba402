import Glibc
import Logging
import Postgres
import TestSupport

/// Somebody who submits messages, in SQL or with `agentctl send`, and writes down what became of each.
struct TrialClient: Sendable {
    let number: Int
    let places: TrialPlaces
    let ledger: SubmissionLedger
    let relay: PostgresRelay
    var random: TrialRandom

    private var name: String { "client\(number)" }

    /// What messages ask for.
    private static let plans = [
        "", "pure", "idempotent", "unsafe", "sql", "unsafe sql", "idempotent+unsafe pure", "sql+pure unsafe+unsafe",
        "asking", "unsafe idempotent unsafe",
    ]

    /// Submits until the task is cancelled.
    mutating func run() async throws {
        var configuration = try PostgresConfiguration(url: relay.url(database: "agentctl", application: name))
        configuration.acquireTimeout = .seconds(20)
        let client = PostgresClient(configuration, logger: Logger(label: "client") { _ in SwiftLogNoOpLogHandler() })
        var count = 0
        while !Task.isCancelled {
            count += 1
            let plan =
                random.happens(2)
                ? "fan" : random.happens(6) ? "tree3" : Self.plans.randomElement(using: &random) ?? ""
            let text = plan.isEmpty ? "m\(number)-\(count)" : "m\(number)-\(count) \(plan)"
            let conversation = places.pick(&random)
            let outcome =
                switch Int.random(in: 0..<10, using: &random) {
                case 0: await send(text, to: conversation, count)
                case 1...6: await submit(text, to: conversation, with: client)
                default: await submitWithinTransaction(text, to: conversation, with: client)
                }
            ledger.add(text, to: conversation, outcome)
            try? await Task.sleep(for: random.milliseconds(50...400))
        }
        await client.shutdown()
    }

    private func send(_ text: String, to conversation: String, _ count: Int) async -> SubmissionLedger.Outcome {
        let name = "\(name)-\(count)"
        let process = try? AgentctlProcess(
            ["send", "-c", conversation, text],
            environment: [
                "DATABASE_URL": relay.url(database: "agentctl", application: name), CrashDatabase.nameVariable: name,
            ]
        )
        // A conversation that waits for a person would be waited for.
        let status = await withTaskCancellationHandler {
            try? await process?.result().status
        } onCancel: {
            process?.send(SIGINT)
        }
        return status == 0 ? .answered : .unknown
    }

    private func submit(
        _ text: String,
        to conversation: String,
        with client: PostgresClient
    ) async -> SubmissionLedger.Outcome {
        do {
            return .accepted(seq: try await Self.submit(text, to: conversation) { try await client.query($0, $1) })
        } catch let error as PostgresError where error.sqlState == "AC003" {
            // The conversation is closed.
            return .rolledBack
        } catch {
            return .unknown
        }
    }

    private mutating func submitWithinTransaction(
        _ text: String,
        to conversation: String,
        with client: PostgresClient
    ) async -> SubmissionLedger.Outcome {
        let isRolledBack = random.happens(30)
        do {
            let seq = try await client.withTransaction { connection in
                let seq = try await Self.submit(text, to: conversation) { try await connection.query($0, $1) }
                if isRolledBack { throw RolledBack() }
                return seq
            }
            return .accepted(seq: seq)
        } catch is RolledBack {
            return .rolledBack
        } catch let error as PostgresError where [.commitUnknown, .cancelled].contains(error.code) {
            return .unknown
        } catch {
            // It did not come to the commit.
            return .rolledBack
        }
    }

    private struct RolledBack: Error {}

    private static func submit(
        _ text: String,
        to conversation: String,
        by query: (PostgresStatement, [PostgresValue]) async throws -> PostgresRows
    ) async throws -> Int64 {
        let rows = try await query("SELECT agentctl.submit($1, $2) AS seq", [.text(conversation), .text(text)])
        guard let row = rows.first else { throw TrialError("submit() returned no row") }
        return try row.decode("seq")
    }
}
