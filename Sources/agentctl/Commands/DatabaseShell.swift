import ArgumentParser
import EmbeddedPostgres
import Glibc
import Postgres

/// The command `agentctl db psql`.
struct DatabaseShell: Command {
    static let configuration = CommandConfiguration(
        commandName: "psql",
        abstract: "Open the database in psql, whichever it is.",
        discussion: """
            What stands after -- is given to psql, whose exit code becomes this one's. On the private server you are its \
            superuser, so that you can make roles, databases and extensions; other commands and workers are \
            agentctl_operator, who cannot.

            EXAMPLE
              agentctl db psql
              agentctl db psql -- -c "SELECT agentctl.submit('123', 'What time is it?')"
              agentctl db psql -- -c 'CREATE ROLE web_app LOGIN IN ROLE agentctl_client'
            """
    )

    @Argument(parsing: .postTerminator, help: ArgumentHelp("Arguments of psql, after --.", valueName: "argument"))
    var arguments: [String] = []

    @OptionGroup var options: GlobalOptions

    func run(on console: Console) async throws -> ExitStatus {
        let configuration = try await configuration(on: console, start: .ifCreated, login: .superuser)
        let address = PsqlAddress(configuration.connectionString)
        let psql = try program()
        // Not in the arguments: those can be read by everybody on the machine.
        if let password = address.password { setenv("PGPASSWORD", password, 1) }
        signal(SIGPIPE, SIG_DFL)
        let words = [psql, "--dbname=\(address.connectionString)"] + arguments
        let texts = words.map { strdup($0) }
        execv(psql, texts + [nil])
        let reason = String(cString: strerror(errno))
        for text in texts { free(text) }
        throw CommandFailure(.failed, code: "failed", "cannot run \(psql): \(reason)")
    }

    private func program() throws -> String {
        let onPath = (environment["PATH"] ?? "").split(separator: ":").map { "\($0)/psql" }
        if let found = onPath.first(where: { access($0, X_OK) == 0 }) { return found }
        let besideServer = (try? PostgresServer.findBinaries(environment: environment)).map { "\($0)/psql" }
        if let besideServer, access(besideServer, X_OK) == 0 { return besideServer }
        throw CommandFailure(
            .failed,
            code: "failed",
            "psql is not installed",
            hint: "Install it: apt-get install postgresql-client"
        )
    }
}
