import JSON

/// The places of a JSON document's values, found by walking its text again: mistakes are rare.
struct JSONPositions: SourcePositions {
    private let bytes: [UInt8]
    private let prefix: [PathStep]

    /// - Parameters:
    ///   - bytes: Text that is known to be JSON.
    ///   - prefix: The way to the document within it.
    init(_ bytes: [UInt8], prefix: [PathStep]) {
        self.bytes = bytes
        self.prefix = prefix
    }

    func position(of steps: [PathStep], isKeyWanted: Bool) -> SourcePosition {
        var offset = skipSpace(0)
        let way = prefix + steps
        for (index, step) in way.enumerated() {
            guard let found = find(step, in: offset) else { break }
            offset = isKeyWanted && index == way.count - 1 ? found.key : found.value
        }
        return position(of: offset)
    }

    private func position(of offset: Int) -> SourcePosition {
        let before = bytes[..<offset]
        let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        return SourcePosition(
            line: before.count { $0 == UInt8(ascii: "\n") } + 1,
            column: before[lineStart...].count { $0 & 0xC0 != 0x80 } + 1
        )
    }

    /// The member or item of the container that begins at an offset.
    private func find(_ step: PathStep, in container: Int) -> (key: Int, value: Int)? {
        var offset = skipSpace(container + 1)
        var index = 0
        while offset < bytes.count, bytes[offset] != UInt8(ascii: "}"), bytes[offset] != UInt8(ascii: "]") {
            let key = offset
            var name: String?
            if bytes[container] == UInt8(ascii: "{") {
                offset = skipValue(offset)
                name = (try? JSONValue(parsing: bytes[key..<offset]))?.stringValue
                // Past the colon.
                offset = skipSpace(skipSpace(offset) + 1)
            }
            switch step {
            case .member(let wanted) where wanted == name: return (key, offset)
            case .item(index) where name == nil: return (offset, offset)
            default: break
            }
            offset = skipSpace(skipValue(offset))
            if offset < bytes.count, bytes[offset] == UInt8(ascii: ",") { offset = skipSpace(offset + 1) }
            index += 1
        }
        return nil
    }

    private func skipSpace(_ start: Int) -> Int {
        var offset = start
        while offset < bytes.count, " \n\r\t".utf8.contains(bytes[offset]) { offset += 1 }
        return offset
    }

    /// The end of the value that begins at an offset.
    private func skipValue(_ start: Int) -> Int {
        var offset = start
        var depth = 0
        while offset < bytes.count {
            switch bytes[offset] {
            case UInt8(ascii: "\""):
                offset += 1
                while offset < bytes.count, bytes[offset] != UInt8(ascii: "\"") {
                    offset += bytes[offset] == UInt8(ascii: "\\") ? 2 : 1
                }
                if depth == 0 { return offset + 1 }
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                if depth < 0 { return offset }
                if depth == 0 { return offset + 1 }
            case UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\t"),
                UInt8(ascii: "\r"):
                if depth == 0 { return offset }
            default: break
            }
            offset += 1
        }
        return offset
    }
}
