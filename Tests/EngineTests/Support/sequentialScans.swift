import Postgres
import Synchronization
import TestSupport

@testable import Engine

/// What has a row for each user, role, schema or queue, or one in all, however much is in the database.
private let users = ["account", "pg_authid", "pg_namespace", "work_queue", "rollup_mark", "latency_scale"]

/// Has statements run, also those inside of functions, and looks how the server plans them.
///
/// - Parameters:
///   - url: The database.
///   - small: Tables that may be scanned, as they have a handful of rows; partitions without a row may as well.
///   - walked: Indexes that may be read without a condition, as they have what is wanted first, or nothing else; nil
///     for any.
///   - body: Runs the statements over the client that it is given.
/// - Returns: How many plans were reported, and the lines of those that scan a table, or an index from end to end.
func sequentialScans(
    at url: String,
    besides small: [String],
    walking walked: [String]? = nil,
    _ body: (PostgresClient) async throws -> Void
) async throws -> (plans: Int, scans: [String]) {
    let notices = NoticeBook()
    // What is set here is for these statements only.
    var configuration = try PostgresConfiguration(url: await TemporaryPgBouncer.past(url))
    configuration.maximumConnections = 1
    configuration.noticeHandler = { notices.add($0.message) }
    let client = PostgresClient(configuration, logger: .silent)
    try await client.withConnection { connection in
        try await connection.executeScript(
            """
            -- Others have it by their role's settings.
            DO $$ BEGIN
                IF current_setting('is_superuser')::boolean THEN
                    EXECUTE $load$LOAD 'auto_explain'$load$;
                    PERFORM set_config('auto_explain.log_min_duration', '0', false),
                            set_config('auto_explain.log_nested_statements', 'on', false);
                END IF;
            END $$;
            SET client_min_messages = log;
            """
        )
    }
    try await body(client)
    await client.shutdown()
    let scans = notices.all.flatMap { plan in
        plan.split(separator: "\n").filter { line in
            line.contains("Seq Scan on ") && !line.contains("cost=0.00..0.0")
                && !(small + users).contains { line.contains("Seq Scan on \($0) ") }
        }.map(String.init)
    }
    let walks = walked.map { walked in notices.all.flatMap { indexScans(withoutConditionIn: $0, besides: walked) } }
    return (notices.all.count, scans + (walks ?? []))
}

/// The lines of a plan that read an index from end to end.
private func indexScans(withoutConditionIn plan: String, besides walked: [String]) -> [String] {
    let lines = plan.split(separator: "\n").map(String.init)
    return lines.indices.compactMap { number in
        let line = lines[number]
        guard line.contains("Index Scan") || line.contains("Index Only Scan"), line.contains(" using "),
            !walked.contains(where: { line.contains(" using \($0) ") }),
            !users.contains(where: { line.contains(" on \($0) ") }),
            number + 1 == lines.count || !lines[number + 1].contains("Index Cond:")
        else { return nil }
        return line
    }
}

/// What the server told beside the results.
private final class NoticeBook: Sendable {
    private let messages = Mutex<[String]>([])

    func add(_ message: String) {
        messages.withLock { $0.append(message) }
    }

    var all: [String] {
        messages.withLock { $0 }
    }
}
