import ArgumentParser
import Conversation
import JSON
import Store

/// The command `agentctl route`.
struct Route: Command {
    static let configuration = CommandConfiguration(
        abstract: "Show which agent a message would go to that names none.",
        discussion: """
            Nothing is sent. The decision compares the words of the message with the names, capabilities, examples and \
            descriptions of the agents; no model is asked. Below route_threshold it is the default agent.

            EXAMPLE
              agentctl route 'Find all TODO comments'
              agentctl route 'Find all TODO comments' --explain
              agentctl route 'Sum these up' --capability search --json
            """
    )

    @Option(
        name: [.long, .customShort("C")],
        help: ArgumentHelp("What the agent must have; can be repeated.", valueName: "name")
    )
    var capability: [String] = []

    @Option(help: ArgumentHelp("Structured input instead of a message.", valueName: "json"))
    var input: String?

    @Flag(help: "Show the candidates with their scores, and the part of each word.")
    var explain = false

    @Argument(help: "The message.")
    var message: String?

    @OptionGroup var options: GlobalOptions

    func validate() throws {
        guard (message == nil) != (input == nil) else {
            throw ValidationError("Give either a message or --input.")
        }
    }

    func run(on console: Console) async throws -> ExitStatus {
        let content = try SubmissionContent(message: message, input: input)
        return try await withStore(\.reports, on: console) { reports in
            let decision = try await reports.routeReport(content, capabilities: capability)
            let explanation = RoutingExplanation(decision)
            if console.isJSON {
                console.print(.object(decision))
            } else if explain {
                console.print(
                    explanation.table.text(width: console.output.columns) { console.output.styled($0, .bold) }
                )
                console.print("→ \(Printable.line(explanation.sentence))")
            } else {
                console.print(Printable.line(decision["agent"]?.stringValue ?? ""))
            }
            return .done
        }
    }
}
