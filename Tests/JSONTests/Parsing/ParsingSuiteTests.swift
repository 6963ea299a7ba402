import JSON
import Testing

@Suite("The parsing suite")
struct ParsingSuiteTests {
    @Test("what must be accepted is, but for duplicate keys", arguments: try ParsingSuite.cases("y_"))
    func accepted(example: ParsingSuite.Case) throws {
        let value = try JSONValue(parsing: example.bytes, options: JSONParserOptions(duplicateKeys: .keepLast))
        #expect(try JSONValue(parsing: value.text) == value)
        #expect(try JSONValue(parsing: value.prettyText) == value)
        if !example.name.contains("duplicated_key") {
            #expect(try JSONValue(parsing: example.bytes) == value)
        }
    }

    @Test("what must be refused is", arguments: try ParsingSuite.cases("n_"))
    func refused(example: ParsingSuite.Case) {
        #expect(throws: JSONParseError.self) { try JSONValue(parsing: example.bytes) }
    }

    @Test("what may be either does no harm", arguments: try ParsingSuite.cases("i_"))
    func either(example: ParsingSuite.Case) throws {
        guard let value = try? JSONValue(parsing: example.bytes) else { return }
        #expect(try JSONValue(parsing: value.text) == value)
    }

    @Test("the suite is complete")
    func count() throws {
        let counts = try ["y_", "n_", "i_"].map { try ParsingSuite.cases($0).count }
        #expect(counts == [95, 188, 35])
    }
}
