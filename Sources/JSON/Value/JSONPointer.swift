/// JSON Pointer, RFC 6901.
package enum JSONPointer {
    /// A token as it stands in a pointer.
    package static func escape(_ token: String) -> String {
        guard token.utf8.contains(where: { $0 == UInt8(ascii: "~") || $0 == UInt8(ascii: "/") }) else { return token }
        var escaped = ""
        for scalar in token.unicodeScalars {
            switch scalar {
            case "~": escaped += "~0"
            case "/": escaped += "~1"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    /// The tokens of a pointer, without their escapes.
    package static func tokens(of pointer: String) -> [String] {
        pointer.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).dropFirst().map { token in
            var bytes: [UInt8] = []
            for byte in token {
                if bytes.last == UInt8(ascii: "~"), byte == UInt8(ascii: "0") || byte == UInt8(ascii: "1") {
                    bytes[bytes.count - 1] = byte == UInt8(ascii: "0") ? Self.escapedTilde : UInt8(ascii: "/")
                } else {
                    bytes.append(byte)
                }
            }
            return String(decoding: bytes.map { $0 == Self.escapedTilde ? UInt8(ascii: "~") : $0 }, as: UTF8.self)
        }
    }

    /// The place of an item that a token stands for; nil if it is no number.
    package static func index(_ token: String) -> Int? {
        let isNumber = !token.isEmpty && token.utf8.allSatisfy { (0x30...0x39).contains($0) }
        return isNumber && (token == "0" || !token.hasPrefix("0")) ? Int(token) : nil
    }

    /// Stands for a `~` that came from `~0`, so that `~01` is `~1` and not `/`; it is no byte of UTF-8.
    private static let escapedTilde: UInt8 = 0xFF
}

extension JSONValue {
    /// What a JSON Pointer leads to; nil if there is nothing, or the text is no pointer.
    ///
    /// - Parameter pointer: The pointer: empty for the value itself, otherwise tokens that each follow a slash.
    package func value(at pointer: String) -> JSONValue? {
        guard pointer.isEmpty || pointer.hasPrefix("/") else { return nil }
        var value: JSONValue? = self
        for token in JSONPointer.tokens(of: pointer) { value = value?.child(at: token) }
        return value
    }

    /// What a token of a JSON Pointer leads to.
    package func child(at token: String) -> JSONValue? {
        switch self {
        case .object(let object): object[token]
        case .array(let items):
            // A plain nil would be the value null here.
            JSONPointer.index(token).flatMap { items.indices.contains($0) ? items[$0] : Optional.none }
        default: nil
        }
    }
}
