import EmbeddedPostgres
import FoundationEssentials
import Subprocess

/// Runs SQL with psql and gives what it prints: a row a line, columns separated by `|`, nulls as nothing.
///
/// For making and looking at what a test is about by another way than the code under test.
///
/// - Parameters:
///   - url: The database.
///   - sql: At most 128 KiB each; several statements in one text are one transaction.
/// - Throws: A ``TemporaryResourceError`` with psql's message when a statement fails.
@discardableResult
public func psql(_ url: String, _ sql: String...) async throws -> String {
    try await runPSQL(url, sql)
}

func runPSQL(_ url: String, _ sql: [String]) async throws -> String {
    let programs = try PostgresServer.findBinaries(environment: ProcessInfo.processInfo.environment)
    let result = try await Subprocess.run(
        .name("psql"),
        arguments: Arguments(["-XqAt", "-v", "ON_ERROR_STOP=1", "-d", url] + sql.flatMap { ["-c", $0] }),
        environment: .custom(["LC_ALL": "C.UTF-8", "PATH": "\(programs):/usr/bin:/bin"]),
        // The SQL is not on standard input: when psql cannot connect, writing to it would raise SIGPIPE.
        input: .none,
        output: .string(limit: 16 * 1024 * 1024),
        error: .string(limit: 1024 * 1024)
    )
    guard result.terminationStatus.isSuccess else {
        throw TemporaryResourceError("psql: \(result.standardError)")
    }
    let text = result.standardOutput
    return text.hasSuffix("\n") ? String(text.dropLast()) : text
}
