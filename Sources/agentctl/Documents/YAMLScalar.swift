import JSON

/// The meaning of a scalar by the core schema of YAML 1.2.
enum YAMLScalar: Hashable {
    case value(JSONValue)
    case refused(problem: String, expected: String?)

    private static let prefix = "tag:yaml.org,2002:"

    /// Finds the meaning of a scalar.
    ///
    /// - Parameters:
    ///   - text: The text without quotes.
    ///   - tag: Its tag; empty when it has none.
    ///   - isPlain: Whether it stands without quotes.
    static func resolve(_ text: String, tag: String, isPlain: Bool) -> YAMLScalar {
        switch tag {
        case "": return isPlain ? plain(text) : .value(.string(text))
        case "!", prefix + "str": return .value(.string(text))
        case prefix + "null", prefix + "bool", prefix + "int", prefix + "float": return tagged(text, tag)
        default: return .refused(problem: "has the tag \(short(tag))", expected: "no tag, or !!str")
        }
    }

    /// A tag as it is written.
    static func short(_ tag: String) -> String {
        tag.hasPrefix(prefix) ? "!!" + tag.dropFirst(prefix.count) : tag
    }

    private static func tagged(_ text: String, _ tag: String) -> YAMLScalar {
        let meaning = plain(text)
        guard case .value(let value) = meaning else { return meaning }
        switch (tag.dropFirst(prefix.count), value) {
        case ("null", .null), ("bool", .bool), ("int", .integer), ("float", .number): return meaning
        case ("float", .integer(let integer)): return .value(.number(Double(integer)))
        default: return .refused(problem: "is \"\(text.prefix(40))\"", expected: "a value that is \(short(tag))")
        }
    }

    private static func plain(_ text: String) -> YAMLScalar {
        switch text {
        case "", "~", "null", "Null", "NULL": return .value(.null)
        case "true", "True", "TRUE": return .value(.bool(true))
        case "false", "False", "FALSE": return .value(.bool(false))
        default: break
        }
        guard let first = text.utf8.first, "+-.0123456789".utf8.contains(first) else { return .value(.string(text)) }
        return number(text) ?? .value(.string(text))
    }

    private static func number(_ text: String) -> YAMLScalar? {
        let digits = text.drop { $0 == "+" || $0 == "-" }
        let hasOneSign = text.count - digits.count <= 1
        if hasOneSign && [".inf", ".Inf", ".INF"].contains(digits) || [".nan", ".NaN", ".NAN"].contains(text) {
            return .refused(problem: "is \(text)", expected: "a finite number, or text in quotes")
        }
        if text.hasPrefix("0o") { return integer(text, text.dropFirst(2), radix: 8) }
        if text.hasPrefix("0x") { return integer(text, text.dropFirst(2), radix: 16) }
        guard hasOneSign else { return nil }
        if !digits.isEmpty, digits.utf8.allSatisfy(isDigit) {
            return integer(text, text.hasPrefix("+") ? digits : text[...], radix: 10)
        }
        guard isFloat(digits) else { return nil }
        guard let value = Double(String(text.hasPrefix("+") ? digits : text[...])), value.isFinite else {
            return .refused(problem: "is \(text.prefix(40))", expected: "a number that fits into 64 bits")
        }
        return .value(.number(value))
    }

    private static func integer(_ text: String, _ digits: Substring, radix: Int) -> YAMLScalar? {
        // Int64(_:radix:) takes a sign, which the core schema does not know after 0o and 0x.
        guard digits.first?.isHexDigit == true || radix == 10 else { return nil }
        if let value = Int64(digits, radix: radix) { return .value(.integer(value)) }
        let isNumber = digits.drop { $0 == "-" }.allSatisfy { $0.hexDigitValue.map { $0 < radix } ?? false }
        guard isNumber else { return nil }
        return .refused(
            problem: "is \(text.prefix(40))",
            expected: "an integer that fits into 64 bits, or text in quotes"
        )
    }

    /// Numbers of the form `(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`.
    private static func isFloat(_ text: Substring) -> Bool {
        let parts = text.split(omittingEmptySubsequences: false) { $0 == "e" || $0 == "E" }
        guard let mantissa = parts.first, parts.count <= 2 else { return false }
        if parts.count == 2 {
            let sign = parts[1].first.map { $0 == "+" || $0 == "-" } ?? false
            let exponent = sign ? parts[1].dropFirst() : parts[1]
            guard !exponent.isEmpty, exponent.utf8.allSatisfy(isDigit) else { return false }
        }
        let halves = mantissa.split(separator: ".", omittingEmptySubsequences: false)
        guard halves.count <= 2, halves.allSatisfy({ $0.utf8.allSatisfy(isDigit) }) else { return false }
        return !halves[0].isEmpty || (halves.count == 2 && !halves[1].isEmpty)
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
