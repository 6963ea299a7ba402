import JSON
import Testing

struct ParsingSuiteTests {
    @Test(arguments: try ParsingSuite.cases("y_"))
    func whatMustBeAcceptedIsButForDuplicateKeys(example: ParsingSuite.Case) throws {
        let value = try JSONValue(parsing: example.bytes, options: JSONParserOptions(duplicateKeys: .keepLast))
        #expect(try JSONValue(parsing: value.text) == value)
        #expect(try JSONValue(parsing: value.prettyText) == value)
        if !example.name.contains("duplicated_key") {
            #expect(try JSONValue(parsing: example.bytes) == value)
        }
    }

    @Test(arguments: try ParsingSuite.cases("n_"))
    func whatMustBeRefusedIs(example: ParsingSuite.Case) {
        #expect(throws: JSONParseError.self) { try JSONValue(parsing: example.bytes) }
    }

    @Test(arguments: try ParsingSuite.cases("i_"))
    func whatMayBeEitherDoesNoHarm(example: ParsingSuite.Case) throws {
        guard let value = try? JSONValue(parsing: example.bytes) else { return }
        #expect(try JSONValue(parsing: value.text) == value)
    }

    @Test func theSuiteIsComplete() throws {
        let counts = try ["y_", "n_", "i_"].map { try ParsingSuite.cases($0).count }
        #expect(counts == [95, 188, 35])
    }
}
