import JSON
import Testing

struct JSONWriterTests {
    static let texts: [(value: JSONValue, text: String)] = [
        (nil, "null"), (true, "true"), (false, "false"), (0, "0"), (-7, "-7"), (.integer(.min), "-9223372036854775808"),
        (.integer(.max), "9223372036854775807"), (1.0, "1.0"), (0.1, "0.1"), (1e20, "1e+20"), (-2.5e-7, "-2.5e-07"),
        (.number(-0.0), "-0.0"), (.number(.leastNonzeroMagnitude), "5e-324"), (.number(.nan), "null"),
        (.number(.infinity), "null"),
        ([], "[]"), ([:], "{}"), ([1, [nil, "x"]], #"[1,[null,"x"]]"#),
        (["b": 1, "a": ["c": []]], #"{"b":1,"a":{"c":[]}}"#),
        ("", #""""#), ("a\"b\\c/d", #""a\"b\\c/d""#),
        ("\u{8}\t\n\u{c}\r\0\u{1f}\u{7f}", #""\b\t\n\f\r\u0000\u001f"# + "\u{7f}\""),
        ("äß🐲\u{2028}", "\"äß🐲\u{2028}\""), (["k\n": 1], #"{"k\n":1}"#),
    ]

    @Test(arguments: texts)
    func valuesHaveOneCompactText(value: JSONValue, text: String) {
        #expect(value.text == text)
        #expect(value.description == text)
        var bytes = Array("prefix ".utf8)
        value.write(to: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == "prefix " + text)
    }

    @Test func theTextForPeopleHasOneMemberOrItemALine() {
        let value: JSONValue = ["name": "x", "list": [1, ["k": nil]], "empty": [[], [:]]]
        #expect(
            value.prettyText == """
                {
                  "name": "x",
                  "list": [
                    1,
                    {
                      "k": null
                    }
                  ],
                  "empty": [
                    [],
                    {}
                  ]
                }
                """
        )
    }

    @Test func doublesReadBackTheSame() throws {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<10_000 {
            let double = Double(bitPattern: generator.next())
            guard double.isFinite else { continue }
            #expect(try JSONValue(parsing: JSONValue.number(double).text).numberValue?.bitPattern == double.bitPattern)
        }
    }

    @Test func stringsWithEscapesAtAllPlacesReadBackTheSame() throws {
        for length in 0..<24 {
            for special in ["\"", "\\", "\n", "\u{1}", "ß", "🐲"] {
                let string =
                    String(repeating: "a", count: length) + special + String(repeating: "b", count: 23 - length)
                #expect(try JSONValue(parsing: JSONValue.string(string).text) == .string(string))
            }
        }
    }
}
