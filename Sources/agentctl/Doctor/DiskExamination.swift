import Glibc
import JSON

/// What `doctor` says of the room that a disk of this machine has left.
struct DiskExamination {
    /// The name of the check.
    let name: String
    /// What is kept there.
    let what: String
    /// Where; it need not be there yet.
    let path: String

    /// The room of a file system.
    struct Room: Equatable, Sendable {
        /// Its bytes.
        var total: UInt64
        /// The bytes that users other than root may still write.
        var free: UInt64
        /// The files that it can have; 0 where it has no such limit.
        var files: UInt64 = 0
        /// How many more it can have.
        var freeFiles: UInt64 = 0

        /// Next to nothing is left: a hundredth, of a large disk 64 MB.
        fileprivate var isFull: Bool {
            free < min(total / 100, 64 << 20) || files > 0 && freeFiles < min(files / 100, 1_000)
        }

        /// Little is left: a twentieth, of a large disk 2 GB.
        fileprivate var isScarce: Bool {
            free < min(total / 20, 2 << 30) || files > 0 && freeFiles < min(files / 20, 20_000)
        }
    }

    /// The check; nil where the path cannot be looked at.
    var check: Check? { Self.room(of: path).map(check) }

    /// What a room means.
    func check(_ room: Room) -> Check {
        let files = room.files > 0 && room.freeFiles < room.files / 20 ? ", \(room.freeFiles) more files" : ""
        let text = "\(what), \(path): \(Self.size(room.free)) of \(Self.size(room.total)) free\(files)"
        guard room.isScarce || room.isFull else { return Check(name, .ok, text) }
        return Check(
            name,
            room.isFull ? .failed : .warning,
            text,
            hint: "Make room there. What is stored stays; workers resume by themselves when there is room again."
        )
    }

    /// The room of the file system of a path, or of the nearest directory above that is there.
    private static func room(of path: String) -> Room? {
        var place = path
        while true {
            var found = statvfs()
            if statvfs(place, &found) == 0 {
                return Room(
                    total: UInt64(found.f_blocks) * UInt64(found.f_frsize),
                    free: UInt64(found.f_bavail) * UInt64(found.f_frsize),
                    files: UInt64(found.f_files),
                    freeFiles: UInt64(found.f_favail)
                )
            }
            guard errno == ENOENT || errno == ENOTDIR, place != "/", place != "." else { return nil }
            guard let slash = place.lastIndex(of: "/") else {
                place = "."
                continue
            }
            place = slash == place.startIndex ? "/" : String(place[..<slash])
        }
    }

    private static func size(_ bytes: UInt64) -> String {
        let units = [("TB", UInt64(1) << 40), ("GB", 1 << 30), ("MB", 1 << 20)]
        guard let (unit, factor) = units.first(where: { bytes >= $0.1 }) else { return "\(bytes >> 10) KB" }
        return FieldFormat.fixed(Double(bytes) / Double(factor), digits: 1) + " " + unit
    }
}

extension DiskExamination {
    /// The directory of the server's data; nil when it is on another machine, or this user may not ask for it.
    ///
    /// - Parameter server: What the server reports.
    init?(dataOf server: JSONObject) {
        guard let path = server["data_directory"]?.stringValue, let process = server["process"]?.integerValue,
            Self.isServer(process)
        else { return nil }
        self.init(name: "disk data", what: "the server's data", path: path)
    }

    /// Whether a process of this machine is one of a server: a server elsewhere has such numbers, too.
    private static func isServer(_ process: Int64) -> Bool {
        guard let file = fopen("/proc/\(process)/comm", "r") else { return false }
        defer { fclose(file) }
        var name = [UInt8](repeating: 0, count: 16)
        let count = fread(&name, 1, name.count, file)
        return String(decoding: name.prefix(count), as: UTF8.self).hasPrefix("postgres")
    }
}
