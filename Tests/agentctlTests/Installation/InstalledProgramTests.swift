import FoundationEssentials
import TestSupport
import Testing

/// The optimised program, when a run tests it.
private let release = ProcessInfo.processInfo.environment["AGENTCTL_RELEASE"]

/// The optimised program where no Swift is installed.
///
/// `scripts/test` builds it and names it in `AGENTCTL_RELEASE`; other runs leave these tests out.
@Suite(.enabled(if: release != nil, "AGENTCTL_RELEASE names no program"))
struct InstalledProgramTests {
    /// Runs the program in a file system that holds the distribution, the program and one directory, and nothing else.
    private func run(
        _ arguments: String...,
        url: String? = nil,
        directory: String? = nil
    ) async throws -> AgentctlProcess.Result {
        let program = try #require(release)
        var words = ["/usr/bin/bwrap", "--die-with-parent", "--unshare-pid", "--ro-bind", "/usr", "/usr"]
        for folder in ["bin", "lib", "lib64"] { words += ["--symlink", "usr/\(folder)", "/\(folder)"] }
        words += ["--ro-bind", "/etc", "/etc", "--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"]
        words += ["--ro-bind", program, "/opt/agentctl"]
        if let directory { words += ["--bind", directory, directory] }
        let environment = url.map { ["DATABASE_URL": $0] } ?? [:]
        return try await AgentctlProcess(program: words + ["/opt/agentctl"], arguments, environment: environment)
            .result()
    }

    @Test func startsWithoutAToolchain() async throws {
        let version = try await run("--version")
        #expect(version.status == 0 && !version.output.isEmpty, "\(version.errors)")
        let help = try await run("send", "--help")
        #expect(help.status == 0 && help.output.contains("--conversation"), "\(help.errors)")
    }

    @Test func anAgentAnswersWithoutAToolchain() async throws {
        try await withCluster { cluster in
            let (url, directory) = (cluster.url(), cluster.socketPath.parentDirectory)
            let made = try await run("init-db", "--seed", url: url, directory: directory)
            #expect(made.status == 0, "\(made.errors)")
            let sent = try await run("send", "-c", "1", "What is 15% of 2847?", url: url, directory: directory)
            #expect(sent.output == "It is 427.05.\n", "\(sent.errors)")
            // Documents are read, checked and written as YAML.
            let shown = try await run("agents", "show", "assistant", url: url, directory: directory)
            #expect(shown.output.contains("model: offline"), "\(shown.errors)")
        }
    }

    @Test func onlyLibrariesOfTheSystemAreLoaded() async throws {
        let listed = try await AgentctlProcess(program: ["/usr/bin/ldd"], [try #require(release)]).result()
        #expect(listed.status == 0, "\(listed.errors)")
        for line in listed.output.split(separator: "\n") {
            // libpq.so.5 => /lib/x86_64-linux-gnu/libpq.so.5 (0x…); the loader and the kernel's page have no arrow.
            let words = line.split { $0 == " " || $0 == "\t" }
            let name = try #require(words.first)
            #expect(!line.contains("not found"), "\(line)")
            #expect(!["swift", "Foundation", "dispatch", "Blocks"].contains { name.contains($0) }, "\(line)")
            guard words.count > 2, words[1] == "=>" else { continue }
            #expect(words[2].hasPrefix("/lib/") || words[2].hasPrefix("/usr/lib/"), "\(line)")
        }
    }
}

extension String {
    var parentDirectory: String {
        String(self[..<(lastIndex(of: "/") ?? endIndex)])
    }
}
