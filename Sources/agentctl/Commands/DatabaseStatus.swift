import ArgumentParser
import EmbeddedPostgres
import JSON

/// The command `agentctl db status`.
struct DatabaseStatus: Command {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Tell whether the private server runs, where, and who its users are.",
        discussion: """
            The exit code is 0 when it runs and 1 when it does not.

            EXAMPLE
              agentctl db status --json
            """
    )

    @OptionGroup var options: GlobalOptions

    func run(on console: Console) async throws -> ExitStatus {
        let server = try embeddedServer()
        let status = try await server.status()
        var fields: JSONObject = ["state": .string(Self.name(of: status)), "directory": .string(server.directory)]
        if let elsewhere = try server.elsewhere { fields["files"] = .string(elsewhere) }
        if case .running(let processID, let address) = status {
            fields["process_id"] = .integer(Int64(processID))
            // An administrator's; commands and workers are the operator.
            fields["url"] = .string(address.superuserConnectionString)
            fields["operator"] = .string(address.user)
        }
        if console.isJSON {
            console.print(.object(fields))
        } else {
            console.print(fields.map { "\($0.key): \(FieldFormat.plain.text($0.value))" }.joined(separator: "\n"))
        }
        if case .running = status { return .done }
        return .failed
    }

    private static func name(of status: PostgresServer.Status) -> String {
        switch status {
        case .running: "running"
        case .starting: "starting"
        case .stopping: "stopping"
        case .stopped: "stopped"
        case .uninitialized: "not created"
        }
    }
}
