import JSON
import Testing

struct JSONValueTests {
    private let value: JSONValue = ["n": nil, "b": true, "i": 7, "d": 1.5, "s": "x", "a": [1, 2], "o": ["k": "v"]]

    @Test func eachAccessorSeesItsOwnTypeOnly() {
        #expect(value["n"]?.isNull == true)
        #expect(value["b"]?.isNull == false)
        #expect(value["b"]?.boolValue == true)
        #expect(value["i"]?.integerValue == 7)
        #expect(value["i"]?.numberValue == 7)
        #expect(value["d"]?.numberValue == 1.5)
        #expect(value["s"]?.stringValue == "x")
        #expect(value["a"]?.arrayValue == [1, 2])
        #expect(value["o"]?.objectValue == ["k": "v"])
        #expect(value["d"]?.integerValue == nil)
        #expect(value["s"]?.boolValue == nil)
        #expect(value["n"]?.numberValue == nil)
        #expect(value["i"]?.stringValue == nil)
        #expect(value["o"]?.arrayValue == nil)
        #expect(value["a"]?.objectValue == nil)
    }

    @Test func subscriptsLeadInsideOrToNothing() {
        #expect(value["o"]?["k"] == "v")
        #expect(value["a"]?[1] == 2)
        #expect(value["a"]?[2] == nil)
        #expect(value["a"]?[-1] == nil)
        #expect(value["a"]?["k"] == nil)
        #expect(value["o"]?[0] == nil)
        #expect(value["missing"] == nil)
    }

    static let equal: [(JSONValue, JSONValue)] = [
        (1, 1.0), (.number(0), .number(-0.0)), (.integer(1 << 53), .number(0x1p53)),
        (["a": 1, "b": [2]], ["b": [2.0], "a": 1]),
        ([1, [2]], [1.0, [2]]), ("é", "\u{e9}"), (.integer(.min), .number(-0x1p63)),
    ]

    @Test(arguments: equal)
    func equalDataIsEqualAndHashesAlike(left: JSONValue, right: JSONValue) {
        #expect(left == right)
        #expect(left.hashValue == right.hashValue)
    }

    static let different: [(JSONValue, JSONValue)] = [
        (1, 2), (1, 1.5), (1, true), (0, false), (nil, false), ("1", 1), ("e\u{301}", "\u{e9}"), ([1, 2], [2, 1]),
        ([], [:]),
        (["a": 1], ["a": 2]), (["a": 1], ["b": 1]), (["a": 1], ["a": 1, "b": 1]),
        (.integer((1 << 53) + 1), .number(0x1p53)),
        (.integer(.max), .number(0x1p63)), (["\u{e9}": 1], ["e\u{301}": 1]),
    ]

    @Test(arguments: different)
    func differentDataIsDifferent(left: JSONValue, right: JSONValue) {
        #expect(left != right)
        #expect(right != left)
    }
}
