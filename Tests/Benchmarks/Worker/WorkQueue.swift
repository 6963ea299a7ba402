import Postgres

/// Conversations with messages that wait to be processed.
struct WorkQueue: Sendable {
    /// What their ids begin with.
    let name: String
    let agent: String
    let messagesPerConversation: Int

    /// Conversations: four for each slot of the worker.
    static let conversations = 4 * WorkerProcess.slots

    var messages: Int { Self.conversations * messagesPerConversation }

    /// Submits everything in one transaction, so that all of it is there at one moment.
    func fill(_ client: PostgresClient) async throws {
        try await client.query(
            """
            SELECT count(agentctl.submit($1 || ' ' || c, $2, $3)), pg_notify('agentctl_ready', '')
            FROM generate_series(1, $4::integer) AS m, generate_series(1, $5::integer) AS c
            """,
            [
                .text(name), .text(Documents.question), .text(agent), .integer(Int64(messagesPerConversation)),
                .integer(Int64(Self.conversations)),
            ]
        )
    }

    /// Waits until all of it is processed.
    ///
    /// - Returns: How many statements that took: they are commits as well.
    /// - Throws: ``BenchmarkError`` when a turn failed, or nothing is done for long.
    func wait(_ client: PostgresClient) async throws -> Int {
        let deadline = ContinuousClock.now + .seconds(120)
        var looks = 0
        while ContinuousClock.now < deadline {
            looks += 1
            if try await left(client) == 0 { return looks }
            try await Task.sleep(for: .milliseconds(100))
        }
        throw BenchmarkError("the messages of \(name) were not processed")
    }

    /// How many messages are not processed yet.
    func left(_ client: PostgresClient) async throws -> Int {
        let rows = try await client.read(
            """
            SELECT coalesce(sum(tail_seq - head_seq), 0)::bigint AS left, pg_stat_force_next_flush()
            FROM agentctl.conversation_control
            WHERE conversation_id LIKE $1 || ' %'
            """,
            [.text(name)]
        )
        return try rows.first?.decode("left") ?? 0
    }

    /// Messages per second between the first and the last tenth, by the database's clock.
    ///
    /// - Throws: ``BenchmarkError`` when a turn did not succeed.
    func rate(_ client: PostgresClient) async throws -> Double {
        let rows = try await client.read(
            """
            SELECT count(*) FILTER (WHERE status <> 'succeeded') AS failed,
                   ((max(n) - min(n)) / extract(epoch FROM max(finished_at) - min(finished_at)))::double precision AS rate
            FROM (SELECT t.status, t.finished_at, row_number() OVER (ORDER BY t.finished_at) AS n
                  FROM agentctl.turn AS t WHERE t.conversation_id LIKE $1 || ' %') AS t
            WHERE n BETWEEN $2::integer * 0.1 AND $2::integer * 0.9
            """,
            [.text(name), .integer(Int64(messages))]
        )
        guard let row = rows.first, try row.decode("failed", as: Int.self) == 0 else {
            throw BenchmarkError("turns of \(name) failed")
        }
        return try row.decode("rate")
    }
}
