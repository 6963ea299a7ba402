import Glibc

/// Finds PostgreSQL's server programs.
enum PostgresBinaries {
    static let variable = "AGENTCTL_POSTGRES_BIN"
    private static let needed = ["postgres", "initdb", "pg_ctl"]
    /// Debian's packages put each major version here and none of its server programs on PATH.
    private static let versions = "/usr/lib/postgresql"

    /// The directory with `postgres`, `initdb` and `pg_ctl`.
    ///
    /// - Parameters:
    ///   - environment: Where AGENTCTL_POSTGRES_BIN and PATH are looked up.
    ///   - version: The major version of an existing cluster, which is looked for before others.
    /// - Throws: ``PostgresServerError/Code/binariesNotFound``.
    static func find(
        environment: [String: String],
        version: String? = nil,
        versions: String = versions
    ) throws(PostgresServerError) -> String {
        if let chosen = environment[variable], !chosen.isEmpty {
            guard isComplete(chosen) else {
                throw PostgresServerError(
                    .binariesNotFound,
                    "\(chosen) does not hold PostgreSQL's programs postgres, initdb and pg_ctl; check \(variable)"
                )
            }
            return AbsolutePath.make(chosen)
        }
        if let version, isComplete("\(versions)/\(version)/bin") {
            return "\(versions)/\(version)/bin"
        }
        if let found = onPath(environment["PATH"] ?? "") ?? newest(in: versions) {
            return found
        }
        throw PostgresServerError(
            .binariesNotFound,
            "PostgreSQL's server programs are not on PATH nor in \(versions); install them with "
                + "`apt-get install postgresql`, set \(variable) to their directory, or set DATABASE_URL to use another server"
        )
    }

    /// Follows links: PATH may hold links to single programs, and `pg_config` is where the others are but on Debian.
    private static func onPath(_ path: String) -> String? {
        for directory in path.split(separator: ":") where directory.hasPrefix("/") {
            for program in ["postgres", "pg_config"] where access("\(directory)/\(program)", X_OK) == 0 {
                let home = AbsolutePath.parent(of: AbsolutePath.resolvingLinks("\(directory)/\(program)"))
                if isComplete(home) {
                    return home
                }
            }
        }
        return nil
    }

    private static func newest(in versions: String) -> String? {
        (Directory.names(in: versions) ?? [])
            .compactMap { Int($0) }
            .filter { isComplete("\(versions)/\($0)/bin") }
            .max()
            .map { "\(versions)/\($0)/bin" }
    }

    private static func isComplete(_ directory: String) -> Bool {
        needed.allSatisfy { access("\(directory)/\($0)", X_OK) == 0 }
    }
}
