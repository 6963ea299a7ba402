import EmbeddedPostgres
import FoundationEssentials

/// Where the programs are that are measured.
enum Programs {
    /// This executable.
    static func benchmarks() throws -> String {
        try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    }

    /// `agentctl` of the same build.
    ///
    /// - Throws: ``BenchmarkError`` when it was not built.
    static func agentctl() throws -> String {
        let path = String(try benchmarks().dropLast("Benchmarks".count)) + "agentctl"
        guard FileManager.default.isExecutableFile(atPath: path) else {
            throw BenchmarkError("\(path) is missing: swift build -c release --product agentctl")
        }
        return path
    }

    /// A program of PostgreSQL's.
    ///
    /// - Parameter name: As `pgbench`.
    static func postgres(_ name: String) throws -> String {
        try PostgresServer.findBinaries(environment: ProcessInfo.processInfo.environment) + "/" + name
    }
}
