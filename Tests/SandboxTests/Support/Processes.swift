import FoundationEssentials
import Glibc

/// Processes of this machine, as /proc tells.
enum Processes {
    /// Those that have an argument.
    static func withArgument(_ argument: String) -> [pid_t] {
        all { arguments in arguments.contains(argument) }
    }

    /// Children of this process that are not reaped, whatever they are.
    static func children() -> [pid_t] {
        identifiers().filter { parent(of: $0) == getpid() }
    }

    /// Descriptors that this process has open.
    static func openDescriptors() -> Int {
        (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count) ?? -1
    }

    private static func all(_ isWanted: ([String]) -> Bool) -> [pid_t] {
        identifiers().filter { process in
            guard let data = FileManager.default.contents(atPath: "/proc/\(process)/cmdline") else { return false }
            return isWanted(data.split(separator: 0).map { String(decoding: $0, as: UTF8.self) })
        }
    }

    private static func identifiers() -> [pid_t] {
        ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []).compactMap { pid_t($0) }
    }

    private static func parent(of process: pid_t) -> pid_t? {
        guard let data = FileManager.default.contents(atPath: "/proc/\(process)/stat") else { return nil }
        let text = String(decoding: data, as: UTF8.self)
        guard let end = text.lastIndex(of: ")") else { return nil }
        return text[end...].split(separator: " ").dropFirst(2).first.flatMap { pid_t($0) }
    }
}
