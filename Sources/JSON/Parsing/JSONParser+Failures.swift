extension JSONParser {
    func failure(_ code: JSONParseError.Code, _ message: String, at offset: Int? = nil) -> JSONParseFailure {
        JSONParseFailure(code: code, message: message, offset: offset ?? position)
    }

    /// What to throw when something else was expected at the position.
    func unexpected(expected: String) -> JSONParseFailure {
        guard position < bytes.count else {
            return failure(.unexpectedEnd, "expected \(expected), found the end of the text")
        }
        let byte = bytes[position]
        let found =
            switch byte {
            case 0x21...0x7E: "'\(UnicodeScalar(byte))'"
            case 0xEF where position == 0: "a byte order mark"
            default: "byte 0x\(byte < 16 ? "0" : "")\(String(byte, radix: 16))"
            }
        return failure(.syntax, "expected \(expected), found \(found)")
    }
}
