import JSON
import Testing

struct JSONTextTests {
    @Test func aValidTextKeepsItsBytes() throws {
        let text = try JSONText(validating: "{ \"b\" : 1.50,\n \"a\":2 }")
        #expect(text.string == "{ \"b\" : 1.50,\n \"a\":2 }")
        #expect(try text.value() == ["b": 1.5, "a": 2])
    }

    @Test func aTextThatIsNotJSONOrIsAmbiguousIsRefused() {
        #expect(throws: JSONParseError.self) { try JSONText(validating: "{") }
        #expect(throws: JSONParseError.self) { try JSONText(validating: #"{"a":1,"a":2}"#) }
    }

    @Test func aValueBecomesAText() throws {
        #expect(JSONText(["a": [1, nil]]).string == #"{"a":[1,null]}"#)
        #expect(try JSONText(validating: #"{"a":1}"#) == JSONText(["a": 1]))
        #expect(try JSONText(validating: "\"\u{e9}\"") != JSONText(validating: "\"e\u{301}\""))
    }
}
