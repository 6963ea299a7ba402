import FoundationEssentials
import Glibc

/// What the figures were measured on.
struct Machine: Sendable {
    let processor: String
    let processors: Int
    /// In GB.
    let memory: Int
    let kernel: String
    let fileSystem: String
    let load: String
    let postgres: String
    let swift: String

    static func current() async throws -> Machine {
        Machine(
            processor: field("model name", of: "/proc/cpuinfo") ?? "an unknown processor",
            processors: sysconf(Int32(_SC_NPROCESSORS_ONLN)),
            memory: (field("MemTotal", of: "/proc/meminfo")?.split(separator: " ").first.flatMap { Int($0) } ?? 0)
                >> 20,
            kernel: text(of: "/proc/sys/kernel/osrelease"),
            fileSystem: await output("/usr/bin/stat", ["-f", "-c", "%T", FileManager.default.temporaryDirectory.path]),
            load: text(of: "/proc/loadavg").split(separator: " ").prefix(3).joined(separator: ", "),
            postgres: await output(try Programs.postgres("postgres"), ["--version"]),
            swift: await output("/usr/bin/env", ["swift", "--version"])
        )
    }

    /// The first line that a program prints.
    private static func output(_ path: String, _ arguments: [String]) async -> String {
        let run = try? await ProgramRun.of(path, arguments, errors: .discarded)
        return run?.output.split(separator: "\n").first.map { String($0) } ?? "unknown"
    }

    private static func text(of path: String) -> String {
        let data = FileManager.default.contents(atPath: path) ?? Data()
        return String(decoding: data, as: UTF8.self).split(separator: "\n").first.map { String($0) } ?? "unknown"
    }

    private static func field(_ name: String, of path: String) -> String? {
        let data = FileManager.default.contents(atPath: path) ?? Data()
        let line = String(decoding: data, as: UTF8.self).split(separator: "\n").first { $0.hasPrefix(name) }
        return line?.split(separator: ":").dropFirst().first.map { String($0.drop { $0 == " " }) }
    }
}
