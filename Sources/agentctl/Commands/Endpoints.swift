import ArgumentParser

/// The command `agentctl endpoints`.
struct Endpoints: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "See which servers of models fail, and have one asked again.",
        discussion: """
            No worker asks a server that fails often, until one call has found out that it answers again.

            EXAMPLE
              agentctl endpoints list
              agentctl endpoints close "https://api.example.com/v1 EXAMPLE_KEY"
            """,
        subcommands: [EndpointList.self, EndpointClose.self]
    )
}
