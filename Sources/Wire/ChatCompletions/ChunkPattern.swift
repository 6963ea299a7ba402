internal import Glibc
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
    private static let backslash = UInt8(ascii: "\\")

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
        var data = data
        guard let parts = data.withUTF8({ Self.parts(of: UnsafeRawBufferPointer($0)) }) else { return nil }
        (head, tail) = parts
    }

    /// What stands before and after the text.
    private static func parts(of bytes: UnsafeRawBufferPointer) -> (head: [UInt8], tail: [UInt8])? {
        // Where nothing is escaped, the bytes of the member cannot stand inside of a string, and no member has the same
        // name in other bytes.
        guard let first = bytes.baseAddress, memchr(first, Int32(backslash), bytes.count) == nil,
            let place = place(of: name, in: bytes), self.place(of: name, in: bytes, from: place + 1) == nil,
            begins(bytes, at: place, with: member)
        else { return nil }
        let start = place + member.count
        guard let end = bytes[start...].firstIndex(where: { !isPlain($0) }), bytes[end] == quote else { return nil }
        return (Array(bytes[..<start]), Array(bytes[end...]))
    }

    /// Where a name stands; it begins with a quote.
    private static func place(of wanted: [UInt8], in bytes: UnsafeRawBufferPointer, from start: Int = 0) -> Int? {
        var place = start
        while let first = bytes.baseAddress, place + wanted.count <= bytes.count,
            let found = memchr(first + place, Int32(quote), bytes.count - place)
        {
            place = UnsafeRawPointer(found) - first
            if begins(bytes, at: place, with: wanted) { return place }
            place += 1
        }
        return nil
    }

    private static func begins(_ bytes: UnsafeRawBufferPointer, at place: Int, with wanted: [UInt8]) -> Bool {
        guard let first = bytes.baseAddress, place + wanted.count <= bytes.count else { return false }
        return memcmp(first + place, wanted, wanted.count) == 0
    }

    /// The text of another chunk.
    ///
    /// - Returns: nil when the chunk has to be parsed.
    func text(of data: String) -> String? {
        var data = data
        return data.withUTF8 { bytes -> String? in
            let end = bytes.count - tail.count
            guard end >= head.count, let first = bytes.baseAddress, memcmp(first, head, head.count) == 0,
                memcmp(first + end, tail, tail.count) == 0
            else { return nil }
            let text = UnsafeBufferPointer(rebasing: bytes[head.count..<end])
            return text.allSatisfy(Self.isPlain) ? String(decoding: text, as: UTF8.self) : nil
        }
    }

    /// Whether a byte of a text neither ends it nor begins an escape.
    private static func isPlain(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte != quote && byte != backslash
    }
}
