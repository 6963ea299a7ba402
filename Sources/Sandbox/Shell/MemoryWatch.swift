import CSandbox
import Glibc

/// What all processes of a command line use together, read as often as it could have reached the limit.
///
/// Sockets count as full, as nobody can see what is in them.
struct MemoryWatch {
    /// What a look found.
    enum Finding: Equatable {
        /// It is within the limit, and is to be read again after a time.
        case fine(Duration)
        /// It is above the limit.
        case exceeded
        /// This process may not look, with the number of the system's error.
        case hidden(Int32)
    }

    /// Bytes that all processes together may take in a microsecond, as far as the time between two looks goes.
    private static let growth = 8 << 10
    private static let shortest = Duration.milliseconds(10)
    private static let longest = Duration.milliseconds(100)
    /// A look may take this part of the time to the next one, as others wait for the thread; up to a second.
    private static let share = 20

    let limit: Int
    private var processes: Descriptor?

    init(limit: Int) {
        self.limit = limit
    }

    /// Looks at what they use.
    ///
    /// - Parameter first: Process 1 of their namespace, whose mounts stand.
    mutating func look(_ first: pid_t) -> Finding {
        let start = ContinuousClock.now
        if processes == nil {
            let directory = csandbox_processes(first)
            guard directory >= 0 else { return directory == -ENOENT ? .fine(Self.shortest) : .hidden(-directory) }
            processes = Descriptor(directory)
        }
        guard let processes else { return .fine(Self.shortest) }
        var bytes = csandbox_memory(processes.number, false, Int64(limit))
        if bytes > limit {
            let exact = csandbox_memory(processes.number, true, Int64(limit))
            if exact >= 0 { bytes = exact }
        }
        guard bytes >= 0 else { return .hidden(Int32(clamping: -bytes)) }
        bytes += max(0, csandbox_socket_memory(processes.number))
        if bytes > limit { return .exceeded }
        return .fine(Self.delay(used: Int(bytes), limit: limit, cost: .now - start))
    }

    /// The bytes that they have written to disks; negative when it is not known.
    var written: Int64 { processes.map { csandbox_written($0.number) } ?? 0 }

    /// The time to the next look.
    ///
    /// - Parameters:
    ///   - used: What is used, in bytes.
    ///   - limit: What may be used.
    ///   - cost: How long it took to find out.
    static func delay(used: Int, limit: Int, cost: Duration) -> Duration {
        let untilFull = Duration.microseconds((limit - used) / growth)
        return max(min(max(untilFull, shortest), longest), min(cost * share, .seconds(1)))
    }
}
