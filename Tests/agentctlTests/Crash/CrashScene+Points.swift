import CrashSupport
import Glibc
import Postgres
import TestSupport
import Testing

extension CrashScene {
    /// Brings the first worker to a point and sends it a signal there.
    ///
    /// - Returns: The worker, and what is to be released when it goes on.
    func strike(at point: CrashPoint, with signal: Int32) async throws -> (worker: AgentctlProcess, hold: RelayHold?) {
        switch point {
        case .submitCommitted: try await strikeBeforeTheClaim(signal)
        case .claimed: try await strike(signal, heldIn: relay.holdAnswer("agentctl.claim(", of: "first"))
        case .midStream: try await strikeInTheStream(signal)
        case .modelAnswered: try await strikeAtTheEnd(signal, relay.holdRequest(Self.finish, of: "first"))
        case .intentCommitted: try await strike(signal, heldIn: relay.holdAnswer(Self.save, of: "first"))
        case .toolSent: try await strikeInTheTool(signal) { nil }
        case .toolReplied: try await strikeInTheTool(signal) { relay.holdRequest(Self.save, of: "first") }
        case .resultCommitted: try await strikeInTheTool(signal) { relay.holdAnswer(Self.save, of: "first") }
        case .insideFinish: try await strikeInsideFinish(signal)
        case .finished: try await strikeAtTheEnd(signal, relay.holdAnswer(Self.finish, of: "first"))
        case .heartbeat: try await strikeInTheHeartbeat(signal)
        case .reaper: try await strikeInTheReaper(signal)
        }
    }

    private static let save = "agentctl.save_progress("
    private static let finish = "agentctl.finish_turns("

    private func submitAll() async throws {
        try await submit(Self.firstMessage, to: "c")
        try await submit("second sql+pure", to: "c")
        try await submit("third", to: "c")
    }

    private func strike(_ signal: Int32, heldIn hold: RelayHold) async throws -> (AgentctlProcess, RelayHold?) {
        try await submitAll()
        await gates.tool.openForever()
        let worker = try worker("first")
        try await reached(hold)
        worker.send(signal)
        return (worker, hold)
    }

    private func strikeBeforeTheClaim(_ signal: Int32) async throws -> (AgentctlProcess, RelayHold?) {
        let hold = relay.holdRequest("agentctl.claim(", of: "first")
        let worker = try worker("first")
        try await reached(hold)
        try await submitAll()
        worker.send(signal)
        return (worker, hold)
    }

    private func strikeAtTheEnd(_ signal: Int32, _ hold: RelayHold) async throws -> (AgentctlProcess, RelayHold?) {
        await gates.reply.openForever()
        return try await strike(signal, heldIn: hold)
    }

    /// Has the first worker hear the beginning of the reply.
    private func workerInTheStream() async throws -> AgentctlProcess {
        try await submitAll()
        await gates.tool.openForever()
        await gates.reply.open(3)
        let worker = try worker("first")
        try await eventually("a piece of the reply") {
            try await database.isTrue("SELECT count(*) > 0 FROM agentctl.delta WHERE type = 'text'")
        }
        return worker
    }

    private func strikeInTheStream(_ signal: Int32) async throws -> (AgentctlProcess, RelayHold?) {
        let worker = try await workerInTheStream()
        worker.send(signal)
        return (worker, nil)
    }

    private func strikeInTheHeartbeat(_ signal: Int32) async throws -> (AgentctlProcess, RelayHold?) {
        let worker = try await workerInTheStream()
        let hold = relay.holdRequest("agentctl.heartbeat(", of: "first")
        try await reached(hold)
        worker.send(signal)
        return (worker, hold)
    }

    private func strikeInTheTool(
        _ signal: Int32,
        then hold: () -> RelayHold?
    ) async throws -> (AgentctlProcess, RelayHold?) {
        try await submitAll()
        let worker = try worker("first")
        try await eventually("the effect") { effects.effects.contains { $0.tool == .unsafe } }
        guard let hold = hold() else {
            worker.send(signal)
            return (worker, nil)
        }
        await gates.tool.openForever()
        try await reached(hold)
        worker.send(signal)
        return (worker, hold)
    }

    private func strikeInsideFinish(_ signal: Int32) async throws -> (AgentctlProcess, RelayHold?) {
        let worker = try await workerInTheStream()
        // The server goes on, or not, with a client that is gone.
        try await database.client.withTransaction { connection in
            try await connection.query("LOCK TABLE agentctl.message IN SHARE MODE")
            await gates.reply.openForever()
            try await blocked("first", in: Self.finish)
            worker.send(signal)
        }
        return (worker, nil)
    }

    /// Has another worker lost, and strikes the first one while it takes over.
    private func strikeInTheReaper(_ signal: Int32) async throws -> (AgentctlProcess, RelayHold?) {
        try await submitAll()
        let early = try worker("early")
        try await eventually("the effect") { effects.effects.contains { $0.tool == .unsafe } }
        let save = relay.holdAnswer(Self.save, of: "early")
        await gates.tool.openForever()
        try await reached(save)
        early.send(SIGKILL)
        #expect(try await early.result().status == -SIGKILL)
        return try await database.client.withTransaction { connection in
            try await connection.query("LOCK TABLE agentctl.conversation_control IN SHARE MODE")
            let worker = try self.worker("first")
            _ = try await database.client.query(
                "UPDATE agentctl.worker SET heartbeat_at = heartbeat_at - interval '1 hour'"
            )
            try await blocked("first", in: "agentctl.reap(")
            worker.send(signal)
            return (worker, nil)
        }
    }

    private func reached(_ hold: RelayHold) async throws {
        try await eventually("a statement to be held") { hold.isReached }
    }
}
