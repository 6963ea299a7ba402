internal import JSON

/// Reads what models write that is almost JSON: with line breaks in strings, single quotes, commas at the end, and the
/// words of Python.
struct LooseJSON {
    private static let deepest = 64

    private let bytes: [UInt8]
    private var position: Int
    private var depth = 0

    private init(_ text: String, from position: Int = 0) {
        bytes = Array(text.utf8)
        self.position = position
    }

    /// The first object of a text: as it is written where that is JSON.
    ///
    /// - Returns: The object's value and text; nil if there is none, or it does not end.
    static func firstObject(in text: String) -> (value: JSONObject, text: String)? {
        guard let start = text.utf8.firstIndex(of: UInt8(ascii: "{")) else { return nil }
        let rest = String(text[start...])
        if let whole = balanced(rest), let value = try? JSONValue(parsing: whole), let object = value.objectValue {
            return (object, whole)
        }
        var reader = LooseJSON(rest)
        guard let object = reader.value()?.objectValue else { return nil }
        return (object, JSONValue.object(object).text)
    }

    /// What is in the parentheses of a call, after the opening one: an object, or `name=value` pairs, or one value.
    ///
    /// - Parameter parameter: The name of the one value.
    /// - Returns: The arguments; nil if they cannot be read.
    static func arguments(_ text: String, naming parameter: String?) -> JSONObject? {
        var reader = LooseJSON(text)
        reader.skipBlanks()
        if reader.peek == UInt8(ascii: ")") { return [:] }
        if let pairs = reader.pairs() { return pairs }
        reader.position = 0
        guard let value = reader.value() else { return nil }
        if let object = value.objectValue { return object }
        return parameter.map { JSONObject([($0, value)]) }
    }

    /// The text up to the end of the object that it begins with.
    private static func balanced(_ text: String) -> String? {
        var (depth, isInString, isEscaped) = (0, false, false)
        for index in text.utf8.indices {
            let byte = text.utf8[index]
            if isEscaped {
                isEscaped = false
            } else if isInString {
                if byte == UInt8(ascii: "\\") { isEscaped = true }
                if byte == UInt8(ascii: "\"") { isInString = false }
            } else if byte == UInt8(ascii: "\"") {
                isInString = true
            } else if byte == UInt8(ascii: "{") {
                depth += 1
            } else if byte == UInt8(ascii: "}") {
                depth -= 1
                if depth == 0 { return String(text[...index]) }
            }
        }
        return nil
    }

    // MARK: Values

    private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipBlanks() {
        while let byte = peek, byte.isJSONWhitespace { position += 1 }
    }

    private mutating func skip(_ byte: Character) -> Bool {
        skipBlanks()
        guard let own = byte.asciiValue, peek == own else { return false }
        position += 1
        return true
    }

    private mutating func value() -> JSONValue? {
        skipBlanks()
        guard depth < Self.deepest, let byte = peek else { return nil }
        depth += 1
        defer { depth -= 1 }
        switch byte {
        case UInt8(ascii: "{"): return object()
        case UInt8(ascii: "["): return array()
        case UInt8(ascii: "\""), UInt8(ascii: "'"): return string().map { .string($0) }
        default: return word()
        }
    }

    private mutating func object() -> JSONValue? {
        position += 1
        var object: JSONObject = [:]
        while true {
            if skip("}") { return .object(object) }
            skipBlanks()
            guard let key = string(), skip(":"), let value = value() else { return nil }
            object[key] = value
            if !skip(","), peek != UInt8(ascii: "}") { return nil }
        }
    }

    private mutating func array() -> JSONValue? {
        position += 1
        var items: [JSONValue] = []
        while true {
            if skip("]") { return .array(items) }
            guard let item = value() else { return nil }
            items.append(item)
            if !skip(","), peek != UInt8(ascii: "]") { return nil }
        }
    }

    /// `key="value", n=3)`
    private mutating func pairs() -> JSONObject? {
        var object: JSONObject = [:]
        while true {
            skipBlanks()
            let start = position
            while let byte = peek, byte.isOfToolName { position += 1 }
            let name = String(decoding: bytes[start..<position], as: UTF8.self)
            guard !name.isEmpty, skip("="), let value = value() else { return nil }
            object[name] = value
            if skip(")") { return object }
            guard skip(",") else { return nil }
        }
    }

    private mutating func string() -> String? {
        guard let quote = peek, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else { return nil }
        position += 1
        var content: [UInt8] = []
        while let byte = peek {
            position += 1
            if byte == quote { return Self.decoded(content) }
            // A quote of the other kind, and a line break, stand for themselves.
            if byte == UInt8(ascii: "\\"), let next = peek {
                position += 1
                content += next == UInt8(ascii: "'") ? [next] : [byte, next]
            } else if byte == UInt8(ascii: "\"") {
                content += [UInt8(ascii: "\\"), byte]
            } else {
                content += byte == 0x0A ? Array("\\n".utf8) : byte == 0x0D ? [] : byte == 0x09 ? Array("\\t".utf8) : [byte]
            }
        }
        return nil
    }

    private static func decoded(_ content: [UInt8]) -> String? {
        let text = "\"" + String(decoding: content, as: UTF8.self) + "\""
        return (try? JSONValue(foreign: text))?.stringValue
    }

    private mutating func word() -> JSONValue? {
        let start = position
        while let byte = peek, byte.isOfToolName || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "+") {
            position += 1
        }
        switch String(decoding: bytes[start..<position], as: UTF8.self) {
        case "true", "True": return true
        case "false", "False": return false
        case "null", "None": return .null
        case let text:
            var options = JSONParserOptions.default
            options.refusesLargeIntegers = true
            return try? JSONValue(parsing: text, options: options)
        }
    }
}
