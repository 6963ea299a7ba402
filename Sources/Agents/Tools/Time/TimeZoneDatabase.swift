internal import Glibc

/// The system's time zones, by their IANA names.
struct TimeZoneDatabase: Sendable {
    /// Where Linux keeps them.
    static let systemDirectory = "/usr/share/zoneinfo"

    /// Why a zone cannot be had.
    enum Failure: Error, Hashable {
        /// There is no zone with that name; these are near.
        case unknown(nearest: [String])
        /// The system has no time zones.
        case noDatabase
    }

    private let directory: String

    /// The database in a directory.
    init(directory: String = systemDirectory) {
        self.directory = directory
    }

    /// Finds a zone.
    ///
    /// Case does not matter, and a space counts as `_`.
    ///
    /// - Returns: The zone with its name as the database writes it.
    /// - Throws: ``Failure``.
    func zone(named name: String) throws(Failure) -> (name: String, file: TimeZoneFile) {
        let normalized = String(name.map { $0 == " " ? "_" : $0 })
        // UTC needs no database.
        if ["utc", "z", "gmt", "etc/utc"].contains(normalized.lowercased()), let rule = TimeZoneFile.utc {
            return ("UTC", rule)
        }
        if let file = file(named: normalized) { return (normalized, file) }
        let names = allNames()
        guard !names.isEmpty else { throw .noDatabase }
        let match = names.first { $0.lowercased() == normalized.lowercased() }
        if let match, let file = file(named: match) { return (match, file) }
        throw .unknown(nearest: Self.nearest(to: normalized, among: names))
    }

    /// Reads a zone's file; the name cannot lead out of the directory, as it may hold no dot.
    private func file(named name: String) -> TimeZoneFile? {
        guard Self.isName(name) else { return nil }
        let descriptor = open("\(directory)/\(name)", O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let count = bytes.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
        return count > 0 ? TimeZoneFile(Array(bytes.prefix(count))) : nil
    }

    private static func isName(_ name: String) -> Bool {
        let isWritten = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"): true
            case UInt8(ascii: "0")...UInt8(ascii: "9"): true
            case UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "/"): true
            default: false
            }
        }
        return isWritten && (1...64).contains(name.utf8.count) && !name.hasPrefix("/")
    }

    /// The names of all zones, from the database's table of zones and links; empty if there is none.
    private func allNames() -> [String] {
        guard let table = fopen("\(directory)/tzdata.zi", "re") else { return [] }
        defer { fclose(table) }
        var names: [String] = []
        var line: UnsafeMutablePointer<CChar>?
        var capacity = 0
        defer { free(line) }
        while names.count < 5_000, getline(&line, &capacity, table) > 0, let text = line {
            let fields = String(cString: text).split(whereSeparator: { $0 == " " || $0 == "\n" })
            // "Z name …" begins a zone, "L target name" a link.
            if fields.first == "Z", fields.count > 1 { names.append(String(fields[1])) }
            if fields.first == "L", fields.count > 2 { names.append(String(fields[2])) }
        }
        return names.sorted()
    }

    /// The names nearest to one that does not exist, as a whole or by the place alone.
    private static func nearest(to name: String, among names: [String]) -> [String] {
        func place(_ name: String) -> String { String(name.split(separator: "/").last ?? "") }
        let wanted = place(name)
        let limit = max(1, wanted.count / 3)
        let near = names.compactMap { candidate in
            let distances = [
                editDistance(wanted, place(candidate), limit: limit),
                editDistance(name, candidate, limit: max(1, name.count / 3)),
            ]
            return distances.compactMap { $0 }.min().map { (distance: $0, name: candidate) }
        }
        return near.sorted { ($0.distance, $0.name) < ($1.distance, $1.name) }.prefix(3).map(\.name)
    }
}

extension TimeZoneFile {
    /// UTC, for systems without a database.
    fileprivate static let utc: TimeZoneFile? = {
        var bytes = Array("TZif".utf8) + [UInt8](repeating: 0, count: 16)
        // No times, one type, four characters of names.
        bytes += [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 4]
        bytes += [0, 0, 0, 0, 0, 0] + Array("UTC\0".utf8)
        return TimeZoneFile(bytes)
    }()
}
