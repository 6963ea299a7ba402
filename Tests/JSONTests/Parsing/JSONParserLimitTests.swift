import JSON
import Testing

@Suite(.timeLimit(.minutes(5)))
struct JSONParserLimitTests {
    private func nested(_ depth: Int) -> String {
        String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }

    @Test func documentsNest512LevelsDeepAtMost() throws {
        #expect(try JSONValue(parsing: nested(512)).text == nested(512))
        let error = #expect(throws: JSONParseError.self) { try JSONValue(parsing: nested(513)) }
        #expect(error?.code == .tooDeep)
        #expect(error?.description == "arrays and objects nest deeper than 512 levels at line 1, column 513")
        let objects = String(repeating: #"{"a":"#, count: 513) + "1" + String(repeating: "}", count: 513)
        #expect(throws: JSONParseError.self) { try JSONValue(parsing: objects) }
    }

    @Test func theDepthCanBeLoweredAndNotRaised() throws {
        #expect(throws: Never.self) { try JSONValue(parsing: "[[],[]]", options: JSONParserOptions(maximumDepth: 2)) }
        #expect(throws: JSONParseError.self) {
            try JSONValue(parsing: "[[[]]]", options: JSONParserOptions(maximumDepth: 2))
        }
        #expect(throws: JSONParseError.self) {
            try JSONValue(parsing: nested(100_000), options: JSONParserOptions(maximumDepth: .max))
        }
    }

    @Test func aDocumentIsNoLongerThanAllowed() throws {
        let options = JSONParserOptions(maximumBytes: 5)
        #expect(try JSONValue(parsing: "[1,2]", options: options) == [1, 2])
        let error = #expect(throws: JSONParseError.self) { try JSONValue(parsing: "[1,22]", options: options) }
        #expect(error?.code == .tooLarge)
        #expect(error?.message == "the text has 6 bytes, at most 5 allowed")
    }

    @Test func ofDuplicateKeysTheLastValueCanBeKeptInTheFirstOnesPlace() throws {
        let text = #"{"a":1,"b":2,"\u0061":3}"#
        #expect(throws: JSONParseError.self) { try JSONValue(parsing: text) }
        let value = try JSONValue(parsing: text, options: JSONParserOptions(duplicateKeys: .keepLast))
        #expect(value.text == #"{"a":3,"b":2}"#)
        let many = (0..<50).map { "\"k\($0)\":\($0)" }.joined(separator: ",")
        let last = try JSONValue(
            parsing: "{\(many),\"k7\":\"last\"}",
            options: JSONParserOptions(duplicateKeys: .keepLast)
        )
        #expect(last.objectValue?.position(of: "k7") == 7)
        #expect(last["k7"] == "last")
        #expect(last.objectValue?.count == 50)
    }

    @Test func keysAreTheSameOnlyIfTheirCodePointsAre() throws {
        let text = "{\"\u{e9}\":1,\"e\u{301}\":2}"
        let value = try JSONValue(parsing: text)
        #expect(value.text == text)
        #expect(value["\u{e9}"] == 1)
        #expect(value["e\u{301}"] == 2)
    }

    @Test func anObjectOf100000MembersIsParsedKeptInOrderAndSearched() throws {
        let count = 100_000
        let text = "{" + (0..<count).map { "\"key\($0)\":\($0)" }.joined(separator: ",") + "}"
        let value = try JSONValue(parsing: text)
        #expect(value.text == text)
        #expect((0..<count).allSatisfy { value["key\($0)"] == .integer(Int64($0)) })
        #expect(value["key\(count)"] == nil)
        let repeated = String(text.dropLast()) + ",\"key77777\":0}"
        let error = #expect(throws: JSONParseError.self) { try JSONValue(parsing: repeated) }
        #expect(error?.message == "the key \"key77777\" occurs twice")
    }

    @Test func keysChosenToBeEquivalentDoNotMakeAnObjectSlow() throws {
        // All these are one string to Swift's own comparison and hash.
        let spellings = ["\u{e9}", "e\u{301}"]
        let keys = (0..<(1 << 14)).map { number in
            (0..<14).map { spellings[(number >> $0) & 1] }.joined()
        }
        let text = "{" + keys.map { "\"\($0)\":1" }.joined(separator: ",") + "}"
        #expect(try JSONValue(parsing: text).objectValue?.count == 1 << 14)
    }
}
