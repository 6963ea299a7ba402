/// Whether a JSON object or array that comes in pieces is whole.
///
/// It knows nothing but brackets and strings: what is within is not checked.
struct JSONExtent {
    /// Whether the bracket that the text begins with was closed, or the text is `null`.
    private(set) var isWhole = false

    private var depth = 0
    private var isInString = false
    private var isEscaped = false
    /// The beginning of a text that begins with no bracket.
    private var literal: [UInt8] = []

    /// Takes the next piece.
    mutating func consume(_ piece: String) {
        for byte in piece.utf8 where !isWhole { consume(byte) }
    }

    private mutating func consume(_ byte: UInt8) {
        if isEscaped {
            isEscaped = false
        } else if isInString {
            if byte == UInt8(ascii: "\\") { isEscaped = true }
            if byte == UInt8(ascii: "\"") { isInString = false }
        } else if depth == 0 {
            begin(with: byte)
        } else {
            switch byte {
            case UInt8(ascii: "\""): isInString = true
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                isWhole = depth == 0
            default: break
            }
        }
    }

    private mutating func begin(with byte: UInt8) {
        if literal.isEmpty, byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") {
            depth = 1
        } else if literal.count < 5, !(literal.isEmpty && byte.isJSONWhitespace) {
            literal.append(byte)
            isWhole = literal.elementsEqual("null".utf8)
        }
    }
}
