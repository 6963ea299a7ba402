/// Percent-encoding of URLs, RFC 3986.
package enum PercentEncoding {
    /// A text with every byte encoded that may not stand where it is to stand.
    ///
    /// - Parameters:
    ///   - text: The text.
    ///   - isAllowed: Whether a byte may stand there as it is.
    package static func encode(_ text: String, _ isAllowed: (UInt8) -> Bool) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var result: [UInt8] = []
        result.reserveCapacity(text.utf8.count)
        for byte in text.utf8 {
            if isAllowed(byte) {
                result.append(byte)
            } else {
                result += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// A text as one component: nothing in it can end the component or begin another.
    package static func component(_ text: String) -> String {
        encode(text) { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
            default: "-._~".utf8.contains(byte)
            }
        }
    }
}
