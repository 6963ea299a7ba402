import Glibc

@testable import EmbeddedPostgres

/// Runs this test program again as a user without privileges, for what differs when the tests run as root.
enum NormalUser {
    private static let program = AbsolutePath.target(ofLink: "/proc/self/exe") ?? ""

    /// Whether there is such a user and it can run this program.
    @Sendable static func canRunTests() async throws -> Bool {
        guard geteuid() == 0 else {
            return false
        }
        return try await run("/usr/bin/test", ["-x", program]).isSuccess
    }

    /// Runs one test, and gives what the program printed.
    static func runTest(_ name: String) async throws -> String {
        try await run(program, ["--testing-library", "swift-testing", "--filter", name]).text
    }

    private static func run(_ executable: String, _ arguments: [String]) async throws -> ServerCommand.Output {
        try await ServerCommand(
            executable: executable,
            arguments: arguments,
            account: ServerAccount(name: "nobody", userID: 65_534, groupID: 65_534, isForeign: true),
            workingDirectory: "/",
            environment: ["PATH": "/usr/local/bin:/usr/bin:/bin"]
        ).run(timeLimit: .seconds(120))
    }
}
