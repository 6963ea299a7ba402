import JSON
import Testing

@Suite("Texts")
struct JSONTextTests {
    @Test("a valid text keeps its bytes")
    func valid() throws {
        let text = try JSONText(validating: "{ \"b\" : 1.50,\n \"a\":2 }")
        #expect(text.string == "{ \"b\" : 1.50,\n \"a\":2 }")
        #expect(try text.value() == ["b": 1.5, "a": 2])
    }

    @Test("a text that is not JSON, or is ambiguous, is refused")
    func invalid() {
        #expect(throws: JSONParseError.self) { try JSONText(validating: "{") }
        #expect(throws: JSONParseError.self) { try JSONText(validating: #"{"a":1,"a":2}"#) }
    }

    @Test("a value becomes a text")
    func fromValue() throws {
        #expect(JSONText(["a": [1, nil]]).string == #"{"a":[1,null]}"#)
        #expect(try JSONText(validating: #"{"a":1}"#) == JSONText(["a": 1]))
        #expect(try JSONText(validating: "\"\u{e9}\"") != JSONText(validating: "\"e\u{301}\""))
    }
}
