import Glibc

/// Runs PostgreSQL's programs, and the shell, on one cluster: as its user, in its directory.
struct ServerPrograms: Sendable {
    /// Where the programs are.
    let directory: String
    let layout: ServerLayout
    let account: ServerAccount

    /// Sorting by code point, the same on every machine and after every upgrade of the C library.
    static let locale: String = {
        guard let locale = newlocale(1 << LC_COLLATE, "C.UTF-8", nil) else {
            return "C"
        }
        freelocale(locale)
        return "C.UTF-8"
    }()

    /// Runs one of PostgreSQL's programs.
    ///
    /// - Throws: What ``ServerCommand/run(timeLimit:)`` throws.
    func run(
        _ program: String,
        _ arguments: [String],
        timeLimit: Duration
    ) async throws(PostgresServerError) -> ServerCommand.Output {
        try await command("\(directory)/\(program)", arguments).run(timeLimit: timeLimit)
    }

    /// Runs a script of the shell, which stops at the first command that fails and makes files for their owner only.
    ///
    /// - Parameter arguments: What the script knows as `$1` and so on.
    /// - Throws: ``PostgresServerError/Code/inaccessible`` with the script's output when it fails, and what
    ///   ``ServerCommand/run(timeLimit:)`` throws.
    func script(_ script: String, _ arguments: [String] = [], timeLimit: Duration) async throws(PostgresServerError) {
        let output = try await command("/bin/sh", ["-euc", "umask 077\n\(script)", "sh"] + arguments)
            .run(timeLimit: timeLimit)
        guard output.isSuccess else {
            throw PostgresServerError(.inaccessible, "\(account.name) cannot prepare \(layout.root): \(output.text)")
        }
    }

    private func command(_ executable: String, _ arguments: [String]) -> ServerCommand {
        ServerCommand(
            executable: executable,
            arguments: arguments,
            account: account,
            workingDirectory: layout.root,
            environment: [
                "LC_ALL": Self.locale,
                "PATH": "\(directory):/usr/local/bin:/usr/bin:/bin",
                "PGDATA": layout.data,
            ]
        )
    }
}
