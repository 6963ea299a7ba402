import ArgumentParser
import Engine
import Store

/// The command `agentctl endpoints list`.
struct EndpointList: ListCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the endpoints, and the servers of other models at which calls have failed.",
        discussion: """
            closed: it is asked. open: it is not, as many calls failed or no money is left. probing: one call finds out \
            whether it answers again.

            EXAMPLE
              agentctl endpoints list
              agentctl endpoints list --json
            """
    )

    @OptionGroup var list: ListOptions
    @OptionGroup var options: GlobalOptions

    func run(on console: Console) async throws -> ExitStatus {
        try await withStore(\.reports, on: console) { reports in
            console.print(
                try await reports.endpointReport(),
                Endpoints.columns,
                whenEmpty: "there are no endpoints, and no server of a model has failed"
            )
            return .done
        }
    }
}
