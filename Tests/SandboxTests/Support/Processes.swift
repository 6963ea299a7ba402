import FoundationEssentials
import Glibc

/// Processes of this machine, as /proc tells.
enum Processes {
    /// Those that have an argument.
    static func withArgument(_ argument: String) -> [pid_t] {
        all { arguments in arguments.contains(argument) }
    }

    /// Processes with a name that this one started and has not reaped.
    static func children(named name: String) -> [pid_t] {
        identifiers().filter { parent(of: $0) == getpid() && self.name(of: $0) == name }
    }

    /// How many processes of interpreters that this process started have used a processor for a tenth of a second:
    /// calls that do not end.
    static func busyWorkers() -> Int {
        let all = identifiers()
        let parents = Dictionary(all.map { ($0, parent(of: $0) ?? 0) }) { first, _ in first }
        return all.count { process in
            var ancestor = process
            while let next = parents[ancestor], next > 1, next != getpid() { ancestor = next }
            return parents[ancestor] == getpid() && isWorker(process) && ticks(of: process) >= 10
        }
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

    private static func name(of process: pid_t) -> String? {
        guard let data = FileManager.default.contents(atPath: "/proc/\(process)/comm") else { return nil }
        return String(decoding: data, as: UTF8.self).split(separator: "\n").first.map(String.init)
    }

    /// Whether it was forked from an interpreter.
    private static func isWorker(_ process: pid_t) -> Bool {
        name(of: process) == "python3" && parent(of: process).flatMap(name(of:)) == "python3"
    }

    private static func parent(of process: pid_t) -> pid_t? {
        field(1, of: process).flatMap { pid_t($0) }
    }

    /// Processor time in hundredths of a second.
    private static func ticks(of process: pid_t) -> Int {
        field(11, of: process).flatMap { Int($0) } ?? 0
    }

    /// What stands at a place after the name in the kernel's description of a process.
    private static func field(_ index: Int, of process: pid_t) -> Substring? {
        guard let data = FileManager.default.contents(atPath: "/proc/\(process)/stat") else { return nil }
        let text = String(decoding: data, as: UTF8.self)
        guard let end = text.lastIndex(of: ")") else { return nil }
        let fields = text[text.index(after: end)...].split(separator: " ")
        return fields.indices.contains(index) ? fields[index] : nil
    }
}
