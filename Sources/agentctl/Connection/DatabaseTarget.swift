import EmbeddedPostgres
import Postgres

/// Which database a command works with.
enum DatabaseTarget {
    /// The one that an option or the environment names.
    case named(PostgresConfiguration)
    /// The private server.
    case embedded(PostgresServer)

    /// Variables that say where a database is; one of them is enough for the private server not to be used.
    static let variables = ["PGHOST", "PGHOSTADDR", "PGPORT", "PGDATABASE", "PGUSER", "PGSERVICE"]

    /// Finds the database: the option, then `DATABASE_URL`, then `PG*` variables, then the private server.
    ///
    /// - Throws: ``CommandFailure`` with ``ExitStatus/usage`` for an address that is none.
    static func resolve(option: String?, environment: [String: String]) throws(CommandFailure) -> DatabaseTarget {
        do throws(PostgresError) {
            // DIRECT_URL is the way to the database of DATABASE_URL, and may lead elsewhere than an option.
            if let option { return .named(try PostgresConfiguration(url: option)) }
            let isNamed = (["DATABASE_URL"] + variables).contains { environment[$0]?.isEmpty == false }
            if isNamed { return .named(try PostgresConfiguration(environment: environment)) }
        } catch {
            let source = option == nil ? "DATABASE_URL or DIRECT_URL" : "--database-url"
            throw CommandFailure(
                .usage,
                code: "usage",
                "\(source): \(error.message)",
                hint: "For example: postgresql://user@localhost:5432/agents"
            )
        }
        return .embedded(PostgresServer(directory: EmbeddedHome(environment: environment).postgresDirectory))
    }
}
