import ArgumentParser

/// The command `agentctl db`.
struct Database: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "db",
        abstract: "Start, stop and look into the private PostgreSQL server.",
        discussion: """
            Without --database-url, DATABASE_URL and PG* variables agentctl runs a server of its own: Unix socket only, data \
            in .agentctl or $AGENTCTL_HOME. Commands start it when they need it.

            EXAMPLE
              agentctl db status
              agentctl db psql -- -c 'SELECT * FROM agentctl.agent_metrics'
            """,
        subcommands: [DatabaseStart.self, DatabaseStop.self, DatabaseStatus.self, DatabaseShell.self]
    )
}
