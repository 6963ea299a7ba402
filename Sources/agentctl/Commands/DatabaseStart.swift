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
        let address = try await running(try embeddedServer(), on: console, start: .create)
        if console.isJSON {
            console.print(["state": "running", "url": .string(address.superuserConnectionString)])
        } else {
            console.print(address.superuserConnectionString)
        }
        return .done
    }
}
