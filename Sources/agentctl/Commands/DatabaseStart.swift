import ArgumentParser
import EmbeddedPostgres
import JSON

/// The command `agentctl db start`.
struct DatabaseStart: Command {
    static let configuration = CommandConfiguration(
        commandName: "start",
        abstract: "Start the private server, after creating it if need be, and print its address.",
        discussion: """
            EXAMPLE
              psql "$(agentctl db start)"
            """
    )

    @OptionGroup var options: GlobalOptions

    func run(on console: Console) async throws -> ExitStatus {
        let server = try embeddedServer()
        if try await server.status() == .uninitialized {
            console.note("creating a private PostgreSQL server in \(server.directory)")
        }
        let address = try await server.start()
        if console.isJSON {
            console.print(["state": "running", "url": .string(address.connectionString)])
        } else {
            console.print(address.connectionString)
        }
        return .done
    }
}
