internal import JSON

/// What consecutive chunks of an answer have in common: every byte but those of the text.
///
/// Servers repeat ids, times and names in each chunk, fifty times in a short answer. Where the bytes around the text are
/// those of a chunk that was parsed, the chunk means the same, but for the text.
struct ChunkPattern: Sendable {
    private let head: [UInt8]
    private let tail: [UInt8]

    private static let name = Array("\"content\"".utf8)
    private static let member = Array("\"content\":\"".utf8)
    private static let quote = UInt8(ascii: "\"")

    /// The pattern of a chunk that was parsed.
    ///
    /// - Parameters:
    ///   - data: Its data.
    ///   - chunk: The same, parsed.
    /// - Returns: nil when the chunk adds more to the answer than a text, or its text is not as it stands.
    init?(_ data: String, parsed chunk: JSONValue) {
        guard let choices = chunk["choices"]?.arrayValue, choices.count == 1, let choice = choices[0].objectValue,
            choice.allSatisfy({ $0.key == "index" || $0.key == "delta" || $0.value.isNull }),
            (choice["index"]?.integerValue ?? 0) == 0,
            let delta = choice["delta"]?.objectValue, delta["content"]?.stringValue != nil,
            delta.allSatisfy({ $0.key == "content" || $0.key == "role" || $0.value.isNull })
        else { return nil }
        // Where nothing is escaped, the bytes of the member cannot stand inside of a string, and no member has the same
        // name in other bytes.
        let bytes = Array(data.utf8)
        guard !bytes.contains(UInt8(ascii: "\\")) else { return nil }
        let places = bytes.indices.filter { bytes[$0...].starts(with: Self.name) }
        guard places.count == 1, let place = places.first, bytes[place...].starts(with: Self.member) else { return nil }
        let start = place + Self.member.count
        guard let end = Self.end(of: bytes, from: start) else { return nil }
        head = Array(bytes[..<start])
        tail = Array(bytes[end...])
    }

    /// The text of another chunk.
    ///
    /// - Returns: nil when the chunk has to be parsed.
    func text(of data: String) -> String? {
        var data = data
        return data.withUTF8 { bytes -> String? in
            guard bytes.count >= head.count + tail.count, bytes.starts(with: head),
                let end = Self.end(of: bytes, from: head.count), bytes.count - end == tail.count,
                bytes[end...].elementsEqual(tail)
            else { return nil }
            return String(decoding: bytes[head.count..<end], as: UTF8.self)
        }
    }

    /// Where a text ends in which nothing is escaped.
    private static func end<Bytes: RandomAccessCollection<UInt8>>(of bytes: Bytes, from start: Int) -> Int?
    where Bytes.Index == Int {
        for index in start..<bytes.count {
            switch bytes[index] {
            case quote: return index
            case UInt8(ascii: "\\"), 0..<0x20: return nil
            default: continue
            }
        }
        return nil
    }
}
