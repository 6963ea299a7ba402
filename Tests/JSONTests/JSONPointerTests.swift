import Testing

@testable import JSON

struct JSONPointerTests {
    @Test(
        arguments: [
            (["a"], "/a"), ([""], "/"), (["a/b", "m~n"], "/a~1b/m~0n"), (["~1"], "/~01"), (["~01", "ä/"], "/~001/ä~1"),
        ] as [([String], String)]
    )
    func tokensAreEscapedAndReadBack(tokens: [String], pointer: String) {
        #expect(tokens.map { "/" + JSONPointer.escape($0) }.joined() == pointer)
        #expect(JSONPointer.tokens(of: pointer) == tokens)
    }

    @Test func aPointerLeadsToAValueOrToNothing() throws {
        let value: JSONValue = ["a": [1, nil, ["b/c": "d"]]]
        #expect(value.value(at: "") == value)
        #expect(value.value(at: "/a/2/b~1c") == "d")
        #expect(try #require(value.value(at: "/a/1")).isNull)
        for pointer in ["/a/3", "/a/02", "/a/+1", "/a/-1", "/a/x", "/b", "/a/0/c", "a"] {
            #expect(value.value(at: pointer) == Optional.none, "\(pointer)")
        }
    }
}
