import ArgumentParser
import Definitions
import Engine
import Glibc

/// The command line: parses, calls, prints.
@main
struct Agentctl: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "agentctl",
        abstract: "Agents, their tools and everything that ever ran, as rows in PostgreSQL.",
        discussion: """
            Without --database-url, DATABASE_URL and PG* variables agentctl runs a private PostgreSQL server of its own, in \
            .agentctl or $AGENTCTL_HOME.

            EXAMPLE
              agentctl init-db --seed
              agentctl send --conversation 123 'What is 15% of 2847?'

            EXIT CODES
              0 done · 1 the thing asked for failed · 2 usage · 3 refused or invalid · 4 not found · 5 database or model \
            cannot be reached · 6 the turn waits for an operator, or longer than --timeout · 130 interrupted

            SHELL COMPLETION
              agentctl --generate-completion-script bash > /etc/bash_completion.d/agentctl    (or zsh, fish)
            """,
        version: Release.current,
        groupedSubcommands: [
            CommandGroup(
                name: "Set up",
                subcommands: [
                    InitDatabase.self, Register.self, Doctor.self, Grants.self, Users.self, Database.self, Prune.self,
                ]
            ),
            CommandGroup(
                name: "Converse",
                subcommands: [
                    Send.self, Chat.self, Work.self, Approvals.self, Interrupt.self, Steer.self, Tasks.self,
                    PlanTask.self, Plans.self, Execute.self,
                    Schedules.self, Hooks.self, Memory.self, Blocks.self,
                ]
            ),
            CommandGroup(
                name: "Look",
                subcommands: [
                    Conversations.self, AgentDefinitions.self, ToolDefinitions.self, FunctionDefinitions.self,
                    ModelDefinitions.self, PolicyDefinitions.self, GuardrailDefinitions.self, Chains.self, Route.self,
                    Trace.self, Events.self, Watch.self, Metrics.self, Workers.self, Endpoints.self,
                ]
            ),
        ]
    )

    static func main() async {
        openStandardDescriptors()
        for (number, argument) in (0..<Int(CommandLine.argc)).map({ CommandLine.unsafeArgv[$0] }).enumerated() {
            guard let argument, String(validatingCString: argument) == nil else { continue }
            TextStream(STDERR_FILENO).write("error: argument \(number) is not text in UTF-8\n")
            Glibc.exit(ExitStatus.usage.rawValue)
        }
        let status = await Program.run(Array(CommandLine.arguments.dropFirst()))
        // Not exit(), in which libraries free what the threads of connections may still use: TLS, for example.
        fflush(nil)
        _exit(status.rawValue)
    }
    /// Takes the numbers of standard streams that are closed, or a file or socket would get them, and what is printed.
    ///
    /// Reading and writing them fails, as it did.
    private static func openStandardDescriptors() {
        for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) == -1 {
            _ = open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY)
        }
    }
}
