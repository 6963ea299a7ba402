import FoundationEssentials
import Glibc

/// What this process holds.
struct Footprint {
    /// Resident memory in bytes.
    let memory: Int
    let descriptors: Int

    static func current() -> Footprint {
        let text = FileManager.default.contents(atPath: "/proc/self/statm").map { String(decoding: $0, as: UTF8.self) }
        let pages = text?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        let names = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")
        return Footprint(memory: pages * sysconf(Int32(_SC_PAGESIZE)), descriptors: names?.count ?? 0)
    }
}
