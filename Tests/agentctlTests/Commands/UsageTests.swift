import TestSupport
import Testing

struct UsageTests {
    @Test func withoutArgumentsThereIsHelpAndEachCommandsHasAnExample() async throws {
        let bare = try await agentctl()
        #expect(bare.status == 0 && bare.errors.isEmpty)
        #expect(bare.output.contains("init-db") && bare.output.contains("EXIT CODES"))
        let commands = [
            ["init-db"], ["register"], ["send"], ["chat"], ["work"], ["conversations"], ["conversations", "list"],
            ["conversations", "show"], ["conversations", "resolve"], ["conversations", "undo"],
            ["conversations", "fork"],
            ["conversations", "set"], ["conversations", "close"], ["conversations", "compact"],
            ["conversations", "rm"], ["conversations", "cancel"], ["conversations", "prompt"], ["agents", "rm"],
            ["prune"], ["users"], ["users", "rm"],
            ["conversations", "export"], ["conversations", "import"], ["functions", "list"], ["functions", "show"],
            ["interrupt"], ["approvals"], ["approvals", "list"],
            ["approvals", "show"], ["approvals", "approve"], ["approvals", "deny"], ["events"], ["agents"],
            ["agents", "list"], ["agents", "show"], ["tools", "list"],
            ["tools", "show"], ["tools", "call"], ["tools", "export"],
            ["models", "list"], ["models", "show"], ["models", "test"], ["endpoints"], ["endpoints", "list"],
            ["endpoints", "show"], ["endpoints", "close"], ["policies", "list"], ["policies", "show"],
            ["guardrails", "list"],
            ["guardrails", "show"], ["steer"], ["trace"], ["metrics"], ["doctor"], ["db"], ["db", "start"],
            ["db", "stop"],
            ["db", "status"], ["db", "psql"],
        ]
        for command in commands {
            let help = try await AgentctlProcess(command + ["--help"]).result()
            #expect(help.status == 0 && help.output.contains("EXAMPLE"), "\(command)")
        }
    }

    @Test func theVersionAndScriptsForShells() async throws {
        #expect(try await agentctl("--version").output == "0.1.0\n")
        let script = try await agentctl("--generate-completion-script", "bash")
        #expect(script.status == 0 && script.output.contains("init-db"))
    }

    @Test(arguments: [
        ["bogus"], ["send"], ["send", "--conversation", "1"], ["send", "-c", "1", "x", "--input", "{}"],
        ["send", "-c", "1", ""], ["send", "-c", "1", "--input", "{"], ["metrics", "--since", "tomorrow"],
        ["work", "--slots", "0"],
        ["conversations", "list", "--limit", "-1"], ["doctor", "--database-url", "nonsense"],
    ]
    )
    func wrongUsageIsExitCode2OnStderr(arguments: [String]) async throws {
        let result = try await AgentctlProcess(arguments, environment: ["AGENTCTL_HOME": "/nonexistent/home"]).result()
        #expect(result.status == 2)
        #expect(result.output.isEmpty && !result.errors.isEmpty && !result.errors.contains("Error: "))
    }

    @Test func aDatabaseThatIsNotThereIsExitCode5() async throws {
        let result = try await agentctl("agents", "list", url: "postgresql://x@127.0.0.1:1/x")
        #expect(result.status == 5)
        #expect(result.errors.contains("error: ") && result.errors.contains("hint: "))
        let json = try await agentctl("agents", "list", "--json", url: "postgresql://x@127.0.0.1:1/x")
        #expect(json.status == 5 && json.output.isEmpty)
        #expect(json.errors.contains(#"{"error":{"code":"unreachable""#))
    }
}
