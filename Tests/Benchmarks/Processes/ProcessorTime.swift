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

    /// Of the children of this process that have ended.
    static var ofEndedChildren: Double {
        var usage = rusage()
        getrusage(RUSAGE_CHILDREN.rawValue, &usage)
        return usage.ru_utime.seconds + usage.ru_stime.seconds
    }

    /// Of another process that runs, to a hundredth of a second.
    ///
    /// - Throws: ``BenchmarkError`` when there is no such process.
    static func of(_ process: pid_t) throws -> Double {
        try fields(of: process).prefix(2).reduce(0, +)
    }

    /// Of another process that runs and its children that have ended.
    ///
    /// - Throws: ``BenchmarkError`` when there is no such process.
    static func withEndedChildren(_ process: pid_t) throws -> Double {
        try fields(of: process).reduce(0, +)
    }

    /// User and system time of a process, and those of its ended children.
    private static func fields(of process: pid_t) throws -> [Double] {
        let path = "/proc/\(process)/stat"
        // The name in parentheses may hold anything: count the fields after it.
        guard let data = FileManager.default.contents(atPath: path),
            let fields = String(decoding: data, as: UTF8.self).split(separator: ")").last?.split(separator: " "),
            fields.count > 14
        else { throw BenchmarkError("cannot read \(path)") }
        return fields[11...14].map { (Double($0) ?? 0) / Double(sysconf(Int32(_SC_CLK_TCK))) }
    }
}

extension timeval {
    /// The same in seconds.
    var seconds: Double { Double(tv_sec) + Double(tv_usec) / 1e6 }
}
