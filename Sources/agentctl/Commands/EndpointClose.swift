import ArgumentParser
import Engine
import Store

/// The command `agentctl endpoints close`.
struct EndpointClose: Command {
    static let configuration = CommandConfiguration(
        commandName: "close",
        abstract: "Have a server of models asked again at once.",
        discussion: """
            Use it when you know that the server answers again, or that its account has money. Turns that wait for it ask it \
            when their time comes.

            EXAMPLE
              agentctl endpoints close "https://api.example.com/v1 EXAMPLE_KEY"
            """
    )

    @Argument(help: "The endpoint, as endpoints list shows it.")
    var endpoint: String

    @OptionGroup var options: GlobalOptions

    func run(on console: Console) async throws -> ExitStatus {
        try await withStore(\.endpoints, on: console) { endpoints in
            let isChanged = try await endpoints.close(endpoint)
            if console.isJSON {
                console.print(["endpoint": .string(endpoint), "state": "closed", "changed": .bool(isChanged)])
            } else {
                console.note(isChanged ? "\(endpoint) is asked again" : "\(endpoint) is asked already")
            }
            return .done
        }
    }
}
