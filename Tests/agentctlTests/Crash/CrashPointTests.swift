import CrashSupport
import Glibc
import JSON
import Postgres
import TestSupport
import Testing

/// A real worker that is killed, or stopped until its lease is gone, at each point of its work.
///
/// Another one takes over, and then everything is compared: the database with what the mock model and the mock tools have
/// written down and with what a follower was told.
struct CrashPointTests {
    @Test(arguments: CrashPoint.allCases)
    func kill9AndAnotherWorkerGoesOn(at point: CrashPoint) async throws {
        try await withCrashScene { scene in
            await scene.gates.others.openForever()
            let (first, _) = try await scene.strike(at: point, with: SIGKILL)
            #expect(try await first.result().status == -SIGKILL)
            // What was held goes with its connection: the server never sees it.
            let second = try scene.worker("second")
            let follower = try scene.follower()
            try await scene.takeOver(from: "first")
            await scene.gates.openForever()
            try await scene.submit("other sql unsafe", to: "d")
            let (doubts, _) = try await scene.settle()
            #expect(doubts == point.doubts)
            second.send(SIGTERM)
            #expect(try await second.result().status == 0)
            let violations = try await scene.violations(follower)
            #expect(violations.isEmpty, "\(violations)")
        }
    }

    @Test(arguments: CrashPoint.allCases)
    func sigstopAnotherWorkerTakesOverAndSIGCONT(at point: CrashPoint) async throws {
        try await withCrashScene { scene in
            let (first, hold) = try await scene.strike(at: point, with: SIGSTOP)
            let second = try scene.worker("second")
            let follower = try scene.follower()
            try await scene.takeOver(from: "first")
            try await scene.takenUp(by: "second")
            // The other one is in the middle of its turn when the first one comes back with what it has.
            hold?.release()
            first.send(SIGCONT)
            try await scene.newBeginning(of: "first")
            await scene.gates.openForever()
            try await scene.submit("other sql unsafe", to: "d")
            let (doubts, _) = try await scene.settle()
            #expect(doubts == point.doubts)
            for worker in [first, second] { worker.send(SIGTERM) }
            for worker in [first, second] { #expect(try await worker.result().status == 0) }
            let violations = try await scene.violations(follower)
            #expect(violations.isEmpty, "\(violations)")
        }
    }
}

extension CrashScene {
    /// A process that prints the events of the first conversation as they come.
    func follower() throws -> AgentctlProcess {
        try AgentctlProcess(
            ["events", "c", "--follow"],
            environment: ["DATABASE_URL": relay.url(database: name, application: "follower")]
        )
    }

    /// All that is broken when nothing runs any more; ends the follower.
    func violations(
        _ follower: AgentctlProcess? = nil,
        within connection: PostgresConnection? = nil
    ) async throws -> [Violation] {
        var followed: [(conversation: String, lines: [JSONValue])] = []
        if let follower {
            let last = try await database.rows("SELECT count(*) FROM agentctl.events WHERE conversation_id = 'c'")
            let count = Int(last.first?["count"]?.integerValue ?? 0)
            try await eventually("the follower") { follower.outputSoFar.count { $0 == "\n" } >= count }
            follower.send(SIGINT)
            followed.append(("c", try await follower.result().jsonLines))
        }
        return try await InvariantChecker(
            database,
            submissions: submissions,
            model: model,
            effects: effects,
            followed: followed,
            within: connection
        ).violations
    }
}
