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

/// Runs a file of SQL, such as a dump, with psql.
///
/// - Parameters:
///   - file: Its path.
///   - url: The database.
/// - Throws: A ``TemporaryResourceError`` with psql's message when a statement fails.
public func restore(_ file: String, to url: String) async throws {
    _ = try await runProgram("psql", ["-Xq", "-v", "ON_ERROR_STOP=1", "-d", url, "-f", file])
}

/// Writes a database into a file of SQL without owners and privileges, as `pg_restore --no-owner --no-acl` would
/// restore it.
///
/// - Parameters:
///   - url: The database.
///   - file: Its path.
/// - Throws: A ``TemporaryResourceError`` with pg_dump's message.
public func dumpWithoutPrivileges(_ url: String, to file: String) async throws {
    _ = try await runProgram("pg_dump", ["--no-owner", "--no-acl", "-f", file, "-d", url])
}

/// Writes a database into a file as an operator backs it up: `pg_dump --format custom`, and the roles of its server.
///
/// - Parameters:
///   - url: The database.
///   - file: Its path; the roles are in `FILE.roles`.
/// - Throws: A ``TemporaryResourceError`` with the message of the program that failed.
public func backUp(_ url: String, to file: String) async throws {
    _ = try await runProgram("pg_dumpall", ["--roles-only", "--no-role-passwords", "-d", url, "-f", "\(file).roles"])
    _ = try await runProgram("pg_dump", ["--format", "custom", "-f", file, "-d", url])
}

/// Restores what ``backUp(_:to:)`` wrote into an empty database, perhaps of another server, roles first.
///
/// - Parameters:
///   - file: Its path.
///   - url: The database.
/// - Throws: A ``TemporaryResourceError`` with the message of the program that failed.
public func restoreBackUp(_ file: String, to url: String) async throws {
    // Roles that the server has already are no error.
    _ = try await runProgram("psql", ["-Xq", "-d", url, "-f", "\(file).roles"])
    _ = try await runProgram("pg_restore", ["--exit-on-error", "-d", url, file])
}

/// The schema of the program in a database, as pg_dump writes it, without what differs between equal ones: comments,
/// settings, owners, the partitions of single months, and the order of grants.
///
/// - Parameter url: The database.
/// - Returns: SQL.
/// - Throws: A ``TemporaryResourceError`` with pg_dump's message.
public func schemaDump(_ url: String) async throws -> String {
    let months = "agentctl.*_[0-9][0-9][0-9][0-9]_[0-9][0-9]"
    let dump = try await runProgram(
        "pg_dump",
        ["--schema-only", "--no-owner", "-n", "agentctl*", "-T", months, "-d", url]
    )
    var result: [Substring] = []
    var grants: [Substring] = []
    for line in dump.split(separator: "\n")
    where !line.hasPrefix("--") && !line.hasPrefix("\\") && !line.hasPrefix("SET ") {
        if line.hasPrefix("SELECT pg_catalog.set_config") { continue }
        if line.hasPrefix("GRANT ") {
            grants.append(line)
            continue
        }
        result += grants.sorted()
        grants = []
        result.append(line)
    }
    return (result + grants.sorted()).joined(separator: "\n") + "\n"
}

func runPSQL(_ url: String, _ sql: [String]) async throws -> String {
    try await runProgram("psql", ["-XqAt", "-v", "ON_ERROR_STOP=1", "-d", url] + sql.flatMap { ["-c", $0] })
}

private func runProgram(_ name: String, _ arguments: [String]) async throws -> String {
    let programs = try PostgresServer.findBinaries(environment: ProcessInfo.processInfo.environment)
    let result = try await Subprocess.run(
        .name(name),
        arguments: Arguments(arguments),
        environment: .custom(["LC_ALL": "C.UTF-8", "PATH": "\(programs):/usr/bin:/bin"]),
        // The SQL is not on standard input: when psql cannot connect, writing to it would raise SIGPIPE.
        input: .none,
        output: .string(limit: 16 * 1024 * 1024),
        error: .string(limit: 1024 * 1024)
    )
    guard result.terminationStatus.isSuccess else {
        throw TemporaryResourceError("\(name): \(result.standardError)")
    }
    let text = result.standardOutput
    return text.hasSuffix("\n") ? String(text.dropLast()) : text
}
