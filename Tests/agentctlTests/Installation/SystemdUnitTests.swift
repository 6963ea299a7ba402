import FoundationEssentials
import TestSupport
import Testing

private let analyzer = "/usr/bin/systemd-analyze"

/// The unit that docs/operations.md installs, as systemd reads it.
@Suite(.enabled(if: FileManager.default.isExecutableFile(atPath: analyzer), "systemd is not installed"))
struct SystemdUnitTests {
    private static let folder =
        #filePath.parentDirectory.parentDirectory.parentDirectory.parentDirectory + "/docs/systemd"

    /// Runs `body` with the path of an instance of the unit whose program is there.
    private func withUnit(_ body: (String) async throws -> Void) async throws {
        let unit = try String(contentsOfFile: "\(Self.folder)/agentctl-worker@.service", encoding: .utf8)
        try await withTemporaryDirectory { directory in
            let file = "\(directory)/agentctl-worker@test.service"
            try unit.replacing("/usr/local/bin/agentctl", with: AgentctlProcess.executable)
                .write(toFile: file, atomically: true, encoding: .utf8)
            try await body(file)
        }
    }

    @Test func systemdUnderstandsEachLine() async throws {
        try await withUnit { file in
            let result = try await AgentctlProcess(program: [analyzer], ["verify", file]).result()
            #expect(result.status == 0 && result.errors == "", "\(result.errors)")
        }
    }

    @Test func theServiceIsExposedToLittle() async throws {
        try await withUnit { file in
            let arguments = ["security", "--offline=true", "--threshold=45", file]
            let result = try await AgentctlProcess(program: [analyzer], arguments).result()
            #expect(result.status == 0, "\(result.output.suffix(200))")
        }
    }

    /// What it passes to the program is what the program takes.
    @Test func theExampleOfSettingsIsAccepted() async throws {
        let settings = try String(contentsOfFile: "\(Self.folder)/worker.env", encoding: .utf8)
        let lines = settings.split(separator: "\n").filter { !$0.hasPrefix("#") }
        let options = try #require(lines.first { $0.hasPrefix("WORK_OPTIONS=") }).dropFirst("WORK_OPTIONS=".count)
        let words = options.split(separator: " ").map(String.init)
        let result = try await AgentctlProcess(
            ["work"] + words,
            environment: ["DATABASE_URL": "host=/nonexistent"],
            workingDirectory: "/tmp"
        ).result()
        // The database is missing, and nothing else.
        #expect(result.status == 5, "\(result.errors)")
    }
}
