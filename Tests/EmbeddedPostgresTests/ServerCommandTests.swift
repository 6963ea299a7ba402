import Glibc
import Testing

@testable import EmbeddedPostgres

@Suite(.timeLimit(.minutes(5)))
struct ServerCommandTests {
    private func command(_ script: String) throws -> ServerCommand {
        ServerCommand(
            executable: "/bin/sh",
            arguments: ["-c", script],
            account: try ServerAccount.resolve(for: ServerLayout(root: "/nowhere")),
            workingDirectory: "/",
            environment: ["WORD": "here"]
        )
    }

    @Test func `output, status, directory and environment`() async throws {
        let output = try await command("echo $WORD; pwd >&2; env | grep -c HOME; exit 3").run(timeLimit: .seconds(30))
        #expect(output == ServerCommand.Output(isSuccess: false, text: "here\n/\n0\n"))
    }

    @Test func `all of the output is there however soon the program ends`() async throws {
        for _ in 0..<50 {
            let output = try await command("head -c 200000 /dev/zero").run(timeLimit: .seconds(30))
            #expect(output.text.utf8.count == 200_000)
        }
    }

    @Test func `a program that takes too long is ended with its children`() async throws {
        let error = await #expect(throws: PostgresServerError.self) {
            // The child keeps the output open: without its end the run would not return.
            try await command("sleep 600 & wait").run(timeLimit: .milliseconds(50))
        }
        #expect(error?.code == .timedOut)
    }

    @Test func `a cancelled run ends the program`() async throws {
        let command = try command("sleep 600")
        let run = Task { try await command.run(timeLimit: .seconds(600)) }
        run.cancel()
        let error = await #expect(throws: PostgresServerError.self) { try await run.value }
        #expect(error?.code == .cancelled)
    }

    @Test func `a program that is not there`() async throws {
        var command = try command("")
        command = ServerCommand(
            executable: "/nowhere/initdb",
            arguments: [],
            account: command.account,
            workingDirectory: "/",
            environment: [:]
        )
        let error = await #expect(throws: PostgresServerError.self) { try await command.run(timeLimit: .seconds(30)) }
        #expect(error?.code == .commandFailed)
        #expect(error?.message.hasPrefix("cannot run /nowhere/initdb as \(command.account.name): ") == true)
    }

    @Test func `more output than a limit`() async throws {
        let error = await #expect(throws: PostgresServerError.self) {
            try await command("cat /dev/zero").run(timeLimit: .seconds(30))
        }
        #expect(error?.code == .commandFailed)
    }
}
