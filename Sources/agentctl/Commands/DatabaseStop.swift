import ArgumentParser
import EmbeddedPostgres
import JSON

/// The command `agentctl db stop`.
struct DatabaseStop: Command {
    static let configuration = CommandConfiguration(
        commandName: "stop",
        abstract: "Stop the private server; what is stored stays.",
        discussion: """
            EXAMPLE
              agentctl db stop
            """
    )

    @OptionGroup var options: GlobalOptions

    func run(on console: Console) async throws -> ExitStatus {
        let server = try embeddedServer()
        let before = try await server.status()
        try await server.stop()
        if console.isJSON {
            console.print(["state": "stopped"])
        } else {
            switch before {
            case .uninitialized: console.print("there is no server in \(server.directory)")
            case .stopped: console.print("it was stopped already")
            case .running, .starting, .stopping: console.print("stopped")
            }
        }
        return .done
    }
}
