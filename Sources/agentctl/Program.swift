import ArgumentParser
import Glibc

/// One run of the program: arguments in, exit status out.
enum Program {
    /// Parses the arguments, runs what they ask for and reports what went wrong.
    static func run(_ arguments: [String]) async -> ExitStatus {
        // Writing to a pipe that nobody reads any more is an error of that write, not the end of a turn.
        signal(SIGPIPE, SIG_IGN)
        let parsed: any ParsableCommand
        do {
            parsed = try await Agentctl.asyncParseAsRoot(arguments)
        } catch {
            return report(parsing: error, of: arguments)
        }
        guard let command = parsed as? any Command else {
            return runBuiltIn(parsed)
        }
        let tools = (command as? any ToolCommand)?.tools
        let console = Console(
            isJSON: command.options.json,
            isQuiet: command.options.quiet,
            columns: (command as? any ListCommand)?.list.columns,
            given: GivenOptions(
                databaseURL: command.options.databaseURL.flatMap(PsqlAddress.withoutPassword),
                workspace: tools?.workspace,
                isUnsandboxed: tools?.isUnsandboxed ?? false
            )
        )
        do {
            try LogLevel.check(command.environment)
            let status = try await command.run(on: console)
            if status == .done, let refusal = console.choice.refusal { throw refusal }
            if status == .done, let reason = console.output.failure {
                throw CommandFailure(.failed, code: "output", "the answer could not be written: \(reason)")
            }
            return status
        } catch let error as ValidationError {
            return report(parsing: error)
        } catch {
            let failure = CommandFailure(error)
            console.report(failure)
            return failure.status
        }
    }

    /// `help`, the completion script, and commands that only have others below them.
    private static func runBuiltIn(_ parsed: any ParsableCommand) -> ExitStatus {
        do {
            var command = parsed
            try command.run()
            return .done
        } catch {
            return report(parsing: error)
        }
    }

    /// Help and the version are an answer; what the parser refuses is a usage error.
    private static func report(parsing error: any Error, of arguments: [String] = []) -> ExitStatus {
        let text = Agentctl.fullMessage(for: error)
        guard Agentctl.exitCode(for: error).isSuccess else {
            // As every other error is written.
            let isError = text.hasPrefix("Error: ")
            var lines = (isError ? "error: " + text.dropFirst("Error: ".count) : text).split(
                separator: "\n",
                omittingEmptySubsequences: false
            ).map(String.init)
            if let unknown = UnknownCommand(in: arguments) { lines[0] = "error: \(unknown)" }
            TextStream(STDERR_FILENO).write(lines.joined(separator: "\n") + "\n")
            return .usage
        }
        if !text.isEmpty { TextStream(STDOUT_FILENO).write(text + "\n") }
        return .done
    }
}
