import ArgumentParser
import Conversation
import Engine
import JSON
import Logging
import Store

/// The command `agentctl tasks run`.
struct TaskRun: ToolCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Hand in a task for an agent that can do it.",
        discussion: """
            The number of the task is printed; with --wait its result is. Without a running worker (agentctl work), --wait works \
            on it itself.

            EXAMPLE
              agentctl tasks run 'Find TODOs' --capability search --wait
              agentctl tasks run 'Write the report' --agent Writer --after 17 --after 18 --deadline 300 --budget-usd 0.20
            """
    )

    @Argument(help: "What is to be done.")
    var description: String

    @Option(help: ArgumentHelp("What the agent must be able to do; may be given more than once.", valueName: "name"))
    var capability: [String] = []

    @Option(name: .shortAndLong, help: ArgumentHelp("The agent, instead of one that is chosen.", valueName: "name"))
    var agent: String?

    @Option(help: ArgumentHelp("Structured input.", valueName: "json"))
    var input: String?

    @Option(help: ArgumentHelp("Lower is claimed first.", valueName: "number"))
    var priority: Int?

    @Option(help: ArgumentHelp("After so many seconds it is given up.", valueName: "seconds"))
    var deadline: Double?

    @Option(help: ArgumentHelp("Most tokens that it may take, with all that it delegates.", valueName: "count"))
    var budgetTokens: Int?

    @Option(help: ArgumentHelp("Most that it may cost, with all that it delegates.", valueName: "usd"))
    var budgetUSD: Double?

    @Option(help: ArgumentHelp("Most attempts, each with another agent.", valueName: "count"))
    var attempts: Int?

    @Option(help: ArgumentHelp("A task that has to be done first; may be given more than once.", valueName: "task"))
    var after: [Int64] = []

    @Option(help: ArgumentHelp("The queue that it waits in, when not its agent's.", valueName: "name"))
    var queue: String?

    @Flag(help: "Wait for the result and print it.")
    var wait = false

    @OptionGroup var tools: ToolOptions

    @OptionGroup var options: GlobalOptions

    func validate() throws {
        // SQL checks the other values. This one becomes a duration first, which NaN and 1e30 cannot.
        guard deadline.map({ (0.001...31_536_000).contains($0) }) ?? true else {
            throw ValidationError("--deadline is between 0.001 and 31536000 seconds.")
        }
    }

    func run(on console: Console) async throws -> ExitStatus {
        let submission = try submission()
        return try await withStores(on: console) { stores in
            let task = try await stores.conversations.submit(submission)
            guard wait else {
                if console.isJSON { console.print(["task": .integer(task)]) } else { console.print("\(task)") }
                return .done
            }
            try await withEngine(stores, tools) { engine in
                try await TaskWait(task: task, engine: engine, stores: stores, console: console).run()
            }
            return try await report(task, from: stores, on: console)
        }
    }

    private func submission() throws -> TaskSubmission {
        var submission = TaskSubmission(description)
        if let input { submission.input = try JSONValue(option: "--input", input) }
        submission.capabilities = capability
        submission.agent = agent
        submission.priority = priority
        submission.timeLimit = deadline.map { .seconds($0) }
        submission.tokens = budgetTokens
        submission.cost = budgetUSD
        submission.attempts = attempts
        submission.dependencies = after
        submission.queue = queue
        return submission
    }

    private func report(_ id: Int64, from stores: Stores, on console: Console) async throws -> ExitStatus {
        let task = try await stores.reports.taskReport(.init(id: id), limit: 1).first ?? [:]
        let state = task["state"]?.stringValue ?? ""
        let result = state == "done" ? try await stores.conversations.taskResult(id) : nil
        if console.isJSON {
            var object = task
            object["result"] = result.map { .string($0) } ?? .null
            console.print(.object(object))
        } else if let result {
            console.print(result)
        }
        guard state == "done" else {
            let reason = task["error_message"]?.stringValue ?? task["error_code"]?.stringValue
            throw CommandFailure(
                .failed,
                code: state,
                "task \(id) is \(state)" + (reason.map { ": \($0)" } ?? ""),
                hint: "See: agentctl tasks show \(id)"
            )
        }
        return .done
    }
}
