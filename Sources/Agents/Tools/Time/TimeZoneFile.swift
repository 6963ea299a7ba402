/// A compiled time zone (the format of RFC 9636): the changes of a zone's clocks so far, and the rule for those to come.
struct TimeZoneFile: Sendable {
    private let transitions: [Int64]
    private let types: [UInt8]
    private let offsets: [TimeZoneOffset]
    private let rule: TimeZoneRule?

    /// Reads a file; nil if it is none.
    init?(_ bytes: [UInt8]) {
        var reader = Reader(bytes: bytes)
        guard let first = reader.header() else { return nil }
        var header = first
        var timeSize = 4
        if first.version >= UInt8(ascii: "2") {
            // The first block repeats a part of the second for old readers.
            reader.skip(first.size(timeSize: 4))
            guard let second = reader.header() else { return nil }
            header = second
            timeSize = 8
        }
        guard header.typeCount > 0, reader.remaining >= header.size(timeSize: timeSize) else { return nil }
        transitions = (0..<header.timeCount).map { _ in reader.integer(timeSize) }
        types = (0..<header.timeCount).map { _ in UInt8(truncatingIfNeeded: reader.integer(1)) }
        let infos = (0..<header.typeCount).map { _ in
            (seconds: reader.integer(4), isSummer: reader.integer(1), name: Int(reader.integer(1)) & 0xFF)
        }
        let names = reader.take(header.characterCount)
        offsets = infos.map { info in
            let name = names.dropFirst(info.name).prefix { $0 != 0 }
            return TimeZoneOffset(seconds: Int(info.seconds), abbreviation: String(decoding: name, as: UTF8.self))
        }
        guard types.allSatisfy({ Int($0) < header.typeCount }) else { return nil }
        reader.skip(header.leapCount * (timeSize + 4) + header.standardCount + header.universalCount)
        let footer = timeSize == 8 ? reader.take(reader.remaining).split(separator: UInt8(ascii: "\n")).first : nil
        rule = footer.flatMap { TimeZoneRule(String(decoding: $0, as: UTF8.self)) }
    }

    /// How the clocks stand at a moment.
    func offset(at secondsSince1970: Int64) -> TimeZoneOffset {
        guard let last = transitions.last, secondsSince1970 < last else {
            if let rule { return rule.offset(at: secondsSince1970) }
            return offsets[types.last.map(Int.init) ?? 0]
        }
        guard let next = transitions.firstIndex(where: { $0 > secondsSince1970 }), next > 0 else { return offsets[0] }
        return offsets[Int(types[next - 1])]
    }
}

extension TimeZoneFile {
    /// The counts at the beginning of a block.
    private struct Header {
        let version: UInt8
        let universalCount: Int
        let standardCount: Int
        let leapCount: Int
        let timeCount: Int
        let typeCount: Int
        let characterCount: Int

        func size(timeSize: Int) -> Int {
            timeCount * (timeSize + 1) + typeCount * 6 + characterCount + leapCount * (timeSize + 4) + standardCount
                + universalCount
        }
    }

    /// Reads big-endian numbers; beyond the end there is nothing but zeros.
    private struct Reader {
        let bytes: [UInt8]
        var position = 0

        var remaining: Int { max(0, bytes.count - position) }

        mutating func take(_ count: Int) -> [UInt8] {
            let piece = Array(bytes.dropFirst(position).prefix(count))
            position += count
            return piece
        }

        mutating func skip(_ count: Int) {
            position += count
        }

        mutating func integer(_ size: Int) -> Int64 {
            var value: UInt64 = 0
            for offset in 0..<size {
                let index = position + offset
                value = value << 8 | (index < bytes.count ? UInt64(bytes[index]) : 0)
            }
            position += size
            let unused = 64 - size * 8
            return (Int64(bitPattern: value) << unused) >> unused
        }

        mutating func header() -> Header? {
            guard remaining >= 44, take(4) == Array("TZif".utf8) else { return nil }
            let version = UInt8(truncatingIfNeeded: integer(1))
            skip(15)
            let counts = (0..<6).map { _ in Int(integer(4)) }
            guard counts.allSatisfy({ (0...65_536).contains($0) }) else { return nil }
            return Header(
                version: version,
                universalCount: counts[0],
                standardCount: counts[1],
                leapCount: counts[2],
                timeCount: counts[3],
                typeCount: counts[4],
                characterCount: counts[5]
            )
        }
    }
}
