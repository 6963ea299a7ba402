/// Text out of bytes that come in pieces, which may end in the middle of a character.
struct TextChunks {
    private var rest: [UInt8] = []

    /// Adds a piece.
    ///
    /// - Returns: The text as far as its characters are complete; what is no UTF-8 is replaced.
    mutating func append(_ bytes: some Collection<UInt8>) -> String {
        rest.append(contentsOf: bytes)
        let complete = rest.count - Self.incompleteBytes(at: rest)
        defer { rest.removeFirst(complete) }
        return String(decoding: rest[..<complete], as: UTF8.self)
    }

    /// What is left at the end.
    mutating func finish() -> String {
        defer { rest = [] }
        return String(decoding: rest, as: UTF8.self)
    }

    /// How many bytes at the end begin a character that is longer.
    private static func incompleteBytes(at bytes: [UInt8]) -> Int {
        for (offset, byte) in bytes.suffix(3).reversed().enumerated() where byte & 0xc0 != 0x80 {
            let length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1
            return length > offset + 1 ? offset + 1 : 0
        }
        return 0
    }
}
