import Testing

@testable import JSON

@Suite("JSON Pointers")
struct JSONPointerTests {
    @Test(
        "tokens are escaped and read back",
        arguments: [
            (["a"], "/a"), ([""], "/"), (["a/b", "m~n"], "/a~1b/m~0n"), (["~1"], "/~01"), (["~01", "ä/"], "/~001/ä~1"),
        ] as [([String], String)]
    )
    func tokens(tokens: [String], pointer: String) {
        #expect(tokens.map { "/" + JSONPointer.escape($0) }.joined() == pointer)
        #expect(JSONPointer.tokens(of: pointer) == tokens)
    }
}
