extension JSONWriter {
    /// Writes a string with its quotes.
    mutating func write(_ string: String) {
        var string = string
        string.withUTF8 { write(quoting: UnsafeRawBufferPointer($0)) }
    }

    private mutating func write(quoting string: UnsafeRawBufferPointer) {
        append(UInt8(ascii: "\""))
        var start = 0
        while start < string.count {
            let (end, _) = StringScan.endOfPlain(in: string, from: start)
            append(UnsafeRawBufferPointer(rebasing: string[start..<end]))
            if end < string.count { writeEscape(of: string[end]) }
            start = end + 1
        }
        append(UInt8(ascii: "\""))
    }

    private mutating func writeEscape(of byte: UInt8) {
        append(UInt8(ascii: "\\"))
        switch byte {
        case 0x08: append(UInt8(ascii: "b"))
        case 0x09: append(UInt8(ascii: "t"))
        case 0x0A: append(UInt8(ascii: "n"))
        case 0x0C: append(UInt8(ascii: "f"))
        case 0x0D: append(UInt8(ascii: "r"))
        case 0..<0x20:
            let digits: StaticString = "0123456789abcdef"
            for byte in [UInt8(ascii: "u"), UInt8(ascii: "0"), UInt8(ascii: "0")] { append(byte) }
            append(digits.utf8Start[Int(byte >> 4)])
            append(digits.utf8Start[Int(byte & 15)])
        default: append(byte)
        }
    }
}
