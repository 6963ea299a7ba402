/// A recursive-descent parser over the bytes of one document.
///
/// It goes forward over the bytes once. Strings are scanned a word at a time and validated as UTF-8; outside of
/// strings every byte beyond ASCII is a syntax error.
package struct JSONParser {
    /// The deepest nesting that is accepted at all, so that the recursion fits any thread's stack.
    package static let depthLimit = 512

    let bytes: UnsafeRawBufferPointer
    let options: JSONParserOptions
    var position = 0
    private var depth = 0

    /// Parses one document.
    static func parse(
        _ bytes: UnsafeRawBufferPointer,
        options: JSONParserOptions
    ) throws(JSONParseError) -> JSONValue {
        var parser = JSONParser(bytes: bytes, options: options)
        do {
            return try parser.parseDocument()
        } catch {
            throw JSONParseError(error, in: bytes)
        }
    }

    private init(bytes: UnsafeRawBufferPointer, options: JSONParserOptions) {
        self.bytes = bytes
        self.options = options
    }

    private mutating func parseDocument() throws(JSONParseFailure) -> JSONValue {
        guard bytes.count <= options.maximumBytes else {
            throw failure(.tooLarge, "the text has \(bytes.count) bytes, at most \(options.maximumBytes) allowed")
        }
        let value = try parseValue()
        skipWhitespace()
        guard position == bytes.count else { throw unexpected(expected: "the end of the text") }
        return value
    }

    private mutating func parseValue() throws(JSONParseFailure) -> JSONValue {
        skipWhitespace()
        guard position < bytes.count else { throw unexpected(expected: "a value") }
        switch bytes[position] {
        case UInt8(ascii: "{"): return try parseObject()
        case UInt8(ascii: "["): return try parseArray()
        case UInt8(ascii: "\""): return .string(try parseString())
        case UInt8(ascii: "t"):
            try skip("true")
            return .bool(true)
        case UInt8(ascii: "f"):
            try skip("false")
            return .bool(false)
        case UInt8(ascii: "n"):
            try skip("null")
            return .null
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try parseNumber()
        default: throw unexpected(expected: "a value")
        }
    }

    private mutating func parseArray() throws(JSONParseFailure) -> JSONValue {
        try descend()
        var items: [JSONValue] = []
        if try !skipClosing(UInt8(ascii: "]")) {
            repeat {
                items.append(try parseValue())
            } while try skipSeparator(orClosing: UInt8(ascii: "]"))
        }
        depth -= 1
        return .array(items)
    }

    private mutating func parseObject() throws(JSONParseFailure) -> JSONValue {
        try descend()
        var object = JSONObject()
        if try !skipClosing(UInt8(ascii: "}")) {
            repeat {
                try parseMember(of: &object)
            } while try skipSeparator(orClosing: UInt8(ascii: "}"))
        }
        depth -= 1
        return .object(object)
    }

    private mutating func parseMember(of object: inout JSONObject) throws(JSONParseFailure) {
        skipWhitespace()
        let start = position
        guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
            throw unexpected(expected: "a key in double quotes")
        }
        let key = try parseString()
        skipWhitespace()
        guard position < bytes.count, bytes[position] == UInt8(ascii: ":") else { throw unexpected(expected: "':'") }
        position += 1
        let value = try parseValue()
        if object.appendIfNew(JSONObject.Member(key: key, value: value)) { return }
        guard options.duplicateKeys == .keepLast else {
            throw failure(.duplicateKey, "the key \(JSONValue.string(key).excerpt) occurs twice", at: start)
        }
        object[key] = value
    }

    /// Enters an array or object.
    private mutating func descend() throws(JSONParseFailure) {
        depth += 1
        guard depth <= min(options.maximumDepth, Self.depthLimit) else {
            throw failure(.tooDeep, "arrays and objects nest deeper than \(depth - 1) levels")
        }
        position += 1
    }

    /// Goes over the closing bracket of an empty array or object, if that is what comes.
    private mutating func skipClosing(_ closing: UInt8) throws(JSONParseFailure) -> Bool {
        skipWhitespace()
        guard position < bytes.count, bytes[position] == closing else { return false }
        position += 1
        return true
    }

    /// Goes over a comma, which means that there is more, or the closing bracket.
    private mutating func skipSeparator(orClosing closing: UInt8) throws(JSONParseFailure) -> Bool {
        skipWhitespace()
        guard position < bytes.count, bytes[position] == UInt8(ascii: ",") || bytes[position] == closing else {
            throw unexpected(expected: "',' or '\(UnicodeScalar(closing))'")
        }
        position += 1
        return bytes[position - 1] != closing
    }

    @inline(__always)
    private mutating func skipWhitespace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x0A, 0x0D, 0x09: position += 1
            default: return
            }
        }
    }

    private mutating func skip(_ literal: StaticString) throws(JSONParseFailure) {
        for index in 0..<literal.utf8CodeUnitCount {
            guard position + index < bytes.count, bytes[position + index] == literal.utf8Start[index] else {
                position = min(position + index, bytes.count)
                throw unexpected(expected: "\(literal)")
            }
        }
        position += literal.utf8CodeUnitCount
    }
}
