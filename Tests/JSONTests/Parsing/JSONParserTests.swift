import JSON
import Testing

struct JSONParserTests {
    @Test func aDocumentBecomesAValueWithItsMembersInOrder() throws {
        let text = #" {"z": [1, -2.5, 1e3, true, false, null], "a": {"ü\n": "\u00e9\ud83d\udc32"}, "m": {}, "e": []} "#
        let value = try JSONValue(parsing: text)
        let expected: JSONValue = [
            "z": [1, -2.5, 1000.0, true, false, nil], "a": ["ü\n": "é🐲"], "m": [:], "e": [],
        ]
        #expect(value == expected)
        #expect(value.objectValue?.keys == ["z", "a", "m", "e"])
    }

    @Test func allSourcesOfBytesGiveTheSame() throws {
        let text = #"{"a":["ß",1]}"#
        let expected: JSONValue = ["a": ["ß", 1]]
        #expect(try JSONValue(parsing: text) == expected)
        #expect(try JSONValue(parsing: Array(text.utf8)) == expected)
        #expect(try JSONValue(parsing: Array(text.utf8)[...]) == expected)
        #expect(try JSONValue(parsing: text.utf8.lazy.map { $0 }) == expected)
        #expect(try Array(text.utf8).withUnsafeBytes { try JSONValue(parsing: $0) } == expected)
    }

    static let numbers: [(text: String, value: JSONValue)] = [
        ("0", .integer(0)), ("-0", .integer(0)), ("9223372036854775807", .integer(.max)),
        ("-9223372036854775808", .integer(.min)), ("9223372036854775808", .number(0x1p63)),
        ("-9223372036854775809", .number(-0x1p63)), ("100000000000000000000", .number(1e20)), ("1.0", .number(1)),
        ("1e2", .number(100)), ("1E+2", .number(100)), ("-1.5e-3", .number(-0.0015)), ("0.1", .number(0.1)),
        ("1.7976931348623157e308", .number(.greatestFiniteMagnitude)), ("5e-324", .number(.leastNonzeroMagnitude)),
        ("1e-400", .number(0)),
    ]

    @Test(arguments: numbers)
    func wholeNumbersThatFitAreIntegersAllOthersDoubles(text: String, value: JSONValue) throws {
        let parsed = try JSONValue(parsing: text)
        #expect(parsed == value)
        #expect((parsed.integerValue == nil) == (value.integerValue == nil))
    }

    @Test func stringsOfAllLengthsAndAlignmentsComeThrough() throws {
        for length in 0..<40 {
            for content in ["a", "ß", #"\n"#, #"\""#, "🐲"] {
                let text = String(repeating: "x", count: length) + content + String(repeating: "y", count: length % 9)
                let expected = text.replacing(#"\n"#, with: "\n").replacing(#"\""#, with: "\"")
                #expect(try JSONValue(parsing: "\"\(text)\"") == .string(expected))
            }
        }
    }

    static let failures: [(text: String, error: String, code: JSONParseError.Code, offset: Int)] = [
        ("", "expected a value, found the end of the text at line 1, column 1", .unexpectedEnd, 0),
        ("[1,\n 2,\n  x]", "expected a value, found 'x' at line 3, column 3", .syntax, 10),
        ("[\"äöü\", x]", "expected a value, found 'x' at line 1, column 9", .syntax, 11),
        ("{\"a\" 1}", "expected ':', found '1' at line 1, column 6", .syntax, 5),
        ("{a: 1}", "expected a key in double quotes, found 'a' at line 1, column 2", .syntax, 1),
        ("[1 2]", "expected ',' or ']', found '2' at line 1, column 4", .syntax, 3),
        ("{\"a\":1]", "expected ',' or '}', found ']' at line 1, column 7", .syntax, 6),
        ("[1] 2", "expected the end of the text, found '2' at line 1, column 5", .syntax, 4),
        ("trux", "expected true, found 'x' at line 1, column 4", .syntax, 3),
        ("[\u{1}]", "expected a value, found byte 0x01 at line 1, column 2", .syntax, 1),
        ("\u{feff}{}", "expected a value, found a byte order mark at line 1, column 1", .syntax, 0),
        ("\"abc", "the string has no closing quote at line 1, column 1", .unexpectedEnd, 0),
        ("\"a\\x\"", "there is no such escape at line 1, column 3", .invalidString, 2),
        ("\"a\nb\"", "a control character in a string must be escaped at line 1, column 3", .invalidString, 2),
        (#""\ud800""#, "half of a surrogate pair is no character at line 1, column 2", .invalidString, 1),
        (#""\udc32""#, "half of a surrogate pair is no character at line 1, column 2", .invalidString, 1),
        (#""\ud83d\u0041""#, "half of a surrogate pair is no character at line 1, column 2", .invalidString, 1),
        (#""\u00g0""#, #"expected four digits after \u at line 1, column 2"#, .invalidString, 1),
        ("-", "expected a digit, found the end of the text at line 1, column 2", .unexpectedEnd, 1),
        ("[1.]", "expected a digit, found ']' at line 1, column 4", .invalidNumber, 3),
        ("01", "a number has no leading zeros at line 1, column 1", .invalidNumber, 0),
        ("[1e400]", "the number is beyond the range of doubles at line 1, column 2", .invalidNumber, 1),
        ("{\"a\":1,\n\"a\":2}", "the key \"a\" occurs twice at line 2, column 1", .duplicateKey, 8),
    ]

    @Test(arguments: [
        (#""a\ud83d""#, "a\u{FFFD}"), (#""\ud83d\ud83d\ude00""#, "\u{FFFD}😀"), (#""\ude00\u0041""#, "\u{FFFD}A"),
    ])
    func halfASurrogatePairCanBeReplaced(text: String, value: String) throws {
        let options = JSONParserOptions(halfSurrogates: .replace)
        #expect(try JSONValue(parsing: text, options: options) == .string(value))
    }

    @Test(arguments: failures)
    func anErrorSaysWhatWasExpectedAndWhere(
        text: String,
        error description: String,
        code: JSONParseError.Code,
        offset: Int
    ) {
        let error = #expect(throws: JSONParseError.self) { try JSONValue(parsing: text) }
        #expect(error?.description == description)
        #expect(error?.code == code)
        #expect(error?.offset == offset)
    }

    @Test func bytesThatAreNotUTF8AreRefusedAtTheirPlace() {
        let examples: [(bytes: [UInt8], offset: Int)] = [
            ([0x22, 0x61, 0xFF, 0x22], 2), ([0x22, 0xC3, 0x22], 1), ([0x22, 0xED, 0xA0, 0x80, 0x22], 1),
            ([0x22, 0xC0, 0xAF, 0x22], 1), ([0x22, 0x5C, 0x6E, 0xC3, 0xA4, 0x80, 0x22], 5),
        ]
        for (bytes, offset) in examples {
            let error = #expect(throws: JSONParseError.self) { try JSONValue(parsing: bytes) }
            #expect(error?.code == .invalidString)
            #expect(error?.offset == offset)
        }
    }

    @Test func aByteThatIsNotUTF8IsFoundWhereverItStands() {
        for length in 0..<20 {
            for rest in [0, 30] {
                let before = Array(repeating: UInt8(ascii: "a"), count: length)
                let after = Array(repeating: UInt8(ascii: "b"), count: rest)
                for escape in ["", #"\n"#] {
                    let bytes = Array("\"\(escape)".utf8) + before + [0xFF] + Array("\",".utf8) + after
                    let error = #expect(throws: JSONParseError.self) { try JSONValue(parsing: bytes) }
                    #expect(error?.code == .invalidString)
                    #expect(error?.offset == 1 + escape.utf8.count + length)
                }
            }
        }
    }
}
