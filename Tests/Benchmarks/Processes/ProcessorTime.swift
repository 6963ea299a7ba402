import FoundationEssentials
import Glibc

/// CPU time that processes have used, in seconds of user and system together.
enum ProcessorTime {
    /// Of this process.
    static var ofThisProcess: Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// Of another process that runs, to a hundredth of a second.
    ///
    /// - Throws: ``BenchmarkError`` when there is no such process.
    static func of(_ process: pid_t) throws -> Double {
        let path = "/proc/\(process)/stat"
        // The name in parentheses may hold anything: count the fields after it.
        guard let data = FileManager.default.contents(atPath: path),
            let fields = String(decoding: data, as: UTF8.self).split(separator: ")").last?.split(separator: " "),
            fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12])
        else { throw BenchmarkError("cannot read \(path)") }
        return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }
}
