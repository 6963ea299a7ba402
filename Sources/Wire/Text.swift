extension String {
    /// Whether the text says nothing.
    var isBlank: Bool { allSatisfy(\.isWhitespace) }
}

extension UInt8 {
    /// Whether JSON allows this byte between two tokens.
    var isJSONWhitespace: Bool {
        switch self {
        case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t"): true
        default: false
        }
    }
}
