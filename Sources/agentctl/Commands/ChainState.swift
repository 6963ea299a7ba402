import ArgumentParser
import Engine
import JSON
import Store

/// The command `agentctl chains state`.
struct ChainState: ListCommand {
    static let configuration = CommandConfiguration(
        commandName: "state",
        abstract: "Show the visits of a run's nodes and its state, now or as a node saw it.",
        discussion: """
            EXAMPLE
              agentctl chains state topic-2/1
              agentctl chains state topic-2/1 --node review#2 --json
            """
    )

    @Argument(help: ArgumentHelp("The run: conversation/seq.", valueName: "run"))
    var turn: TurnName

    @Option(
        help: ArgumentHelp("The state as this node saw it; its last visit, or that of NODE#VISIT.", valueName: "node")
    )
    var node: NodeName?

    @OptionGroup var list: ListOptions
    @OptionGroup var options: GlobalOptions

    func run(on console: Console) async throws -> ExitStatus {
        try await withStore(\.reports, on: console) { reports in
            let state = try await reports.chainState(turn.conversation, turn.seq, node: node?.name, visit: node?.visit)
            let visits = try await reports.nodeRuns(turn.conversation, turn.seq)
            if console.isJSON {
                console.print(["state": state, "visits": .array(visits.map { .object($0) })])
                return .done
            }
            console.print(
                visits,
                [
                    ReportColumn("visit"), ReportColumn("status"), ReportColumn("attempt", .count),
                    ReportColumn("duration_ms", .milliseconds), ReportColumn("copied_from"), ReportColumn("output"),
                ],
                whenEmpty: "no node has ended yet"
            )
            console.print("\nstate: \(state.text)")
            return .done
        }
    }
}

/// A node as options take it: `NODE`, or `NODE#VISIT`.
struct NodeName: ExpressibleByArgument {
    let name: String
    /// The visit, from 1; nil for the last.
    let visit: Int?

    init?(argument: String) {
        guard !argument.isEmpty else { return nil }
        guard let sign = argument.lastIndex(of: "#") else {
            (name, visit) = (argument, nil)
            return
        }
        guard let number = Int(argument[argument.index(after: sign)...]), number > 0 else { return nil }
        (name, visit) = (String(argument[..<sign]), number)
    }
}
