/// Looks for the bytes that end the plain part of a string: quote, backslash and control characters.
enum StringScan {
    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let highBits: UInt64 = 0x8080_8080_8080_8080

    /// Goes over plain bytes, eight at a time.
    ///
    /// - Returns: The place of the first byte that is not plain, or the end, and whether all before it is ASCII.
    @inline(__always)
    static func endOfPlain(in bytes: UnsafeRawBufferPointer, from start: Int) -> (end: Int, isASCII: Bool) {
        var position = start
        var seen: UInt64 = 0
        while position + 8 <= bytes.count {
            let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self))
            let marks = specialBytes(in: word)
            guard marks == 0 else {
                let count = marks.trailingZeroBitCount >> 3
                seen |= word & ((1 << UInt64(8 * count)) &- 1)
                return (position + count, seen & highBits == 0)
            }
            seen |= word
            position += 8
        }
        while position < bytes.count {
            let byte = bytes[position]
            if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { break }
            seen |= UInt64(byte)
            position += 1
        }
        return (position, seen & highBits == 0)
    }

    /// Marks the high bits of the bytes that are not plain.
    ///
    /// Subtracting borrows from the next byte only where there is a hit, so the lowest mark is always right.
    @inline(__always)
    private static func specialBytes(in word: UInt64) -> UInt64 {
        let quote = word ^ (ones &* 0x22)
        let backslash = word ^ (ones &* 0x5C)
        let quotes = (quote &- ones) & ~quote
        let backslashes = (backslash &- ones) & ~backslash
        let controls = (word &- ones &* 0x20) & ~word
        return (quotes | backslashes | controls) & highBits
    }
}
