import JSON
import Testing

@testable import agentctl

struct YAMLFileTests {
    private func values(_ text: String) -> [JSONValue] {
        YAMLFile.load(text, file: "f").documents.map(\.value)
    }

    private func mistakes(_ text: String) -> [String] {
        YAMLFile.load(text, file: "f").mistakes.map(\.description)
    }

    @Test func documentsStandBetweenOrInAListAndKeepTheOrderOfTheirFields() {
        let text = "# c\n---\nb: 1\na: 2\n---\n# nothing\n---\n- {x: 1}\n- {x: 2}\n"
        #expect(values(text).map(\.text) == [#"{"b":1,"a":2}"#, #"{"x":1}"#, #"{"x":2}"#])
        #expect(mistakes(text) == [])
    }

    @Test func aliasesAreFollowed() {
        #expect(values("a: &x {k: [1, yes]}\nb: *x\n") == [["a": ["k": [1, "yes"]], "b": ["k": [1, "yes"]]]])
    }

    @Test func whatIsWrongIsToldWithLineAndColumn() {
        #expect(mistakes("a: 1\nb: {c: .inf}\n") == ["f:2:8: b.c is .inf; expected a finite number, or text in quotes"])
        #expect(
            mistakes("k: &k {a: 1}\nx:\n  <<: *k\n")
                == ["f:3:3: x.<< is a merge key, which is not supported; expected the fields themselves"]
        )
        #expect(mistakes("x: !!set {a}\n") == ["f:1:4: x has the tag !!set; expected no tag"])
        #expect(mistakes("x:\n  [1, 2]: 3\n") == ["f:2:3: x has a key that is a list or a mapping; expected text"])
        #expect(
            mistakes("a: 1\nb: [1,\n") == [
                "f:3:1: is not YAML: did not find expected node content (while parsing a flow node, line 3)"
            ]
        )
    }

    @Test func aKeyStandsOnceInAMapping() {
        #expect(
            mistakes("kind: x\na:\n  n: 1\n  m: 2\n  n: 3\n")
                == ["f:3:3: has a key more than once: \"n\"; expected each key once in a mapping"]
        )
    }

    @Test func whatAliasesExpandToIsBounded() {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
        for level in 1...9 {
            let aliases = Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ")
            text += "a\(level): &a\(level) [\(aliases)]\n"
        }
        let loaded = YAMLFile.load(text, file: "f")
        #expect(loaded.documents.isEmpty)
        #expect(loaded.mistakes.count == 1)
        #expect(loaded.mistakes.first?.problem == "makes the file expand to more than 200000 values")
        // As a key the last one is refused, not compared, which would take for ever.
        for key in ["? *a9\n: 1\n", "*a9 : 1\n", "? [*a9, *a9]\n: 1\n? [*a9, *a9]\n: 2\n"] {
            let first = mistakes(text + key).first
            #expect(first?.hasSuffix(" makes the file expand to more than 200000 values") == true)
        }
        #expect(mistakes(text + "{*a9: 1}\n").count == 1)
    }

    @Test func aKeyIsTextAndTwentyAliasesInAFileAreNotTooMany() {
        let items = (1...25).map { "i\($0): *x" }.joined(separator: "\n")
        #expect(mistakes("x: &x {a: 1}\nq: what ? is it\n\(items)\n").isEmpty)
        #expect(
            mistakes("x: &x {a: 1}\n\(items)\n*x : 1\n") == [
                "f:1:4: has a key that is a list or a mapping; expected text"
            ]
        )
    }

    @Test(arguments: ["[", "- ", "{a: "])
    func depthIsBounded(opening: String) {
        let deep = mistakes(String(repeating: opening, count: 500) + "x")
        let abyss = mistakes(String(repeating: opening, count: 200_000) + "x")
        #expect(deep.count == 1 && abyss.count == 1)
    }

    @Test func textThatIsNoUTF8AndAFileWithoutDocuments() {
        let latin = DocumentSource(name: "l.yaml", bytes: [0x61, 0x3A, 0x20, 0xE9]).load()
        #expect(latin.mistakes.map(\.description) == ["l.yaml:1:1: is not text in UTF-8"])
        let marked = DocumentSource(name: "m.yaml", bytes: [0xEF, 0xBB, 0xBF] + Array("a: 1\nb: 2\n".utf8)).load()
        #expect(marked.documents.map(\.value) == [["a": 1, "b": 2]])
        let empty = DocumentSource(name: "e.yaml", bytes: Array("# only this\n".utf8)).load()
        #expect(empty.mistakes.map(\.description) == ["e.yaml:1:1: holds no document"])
    }

    @Test func yamlThatIsWrittenIsReadBackAsItWas() throws {
        let value: JSONValue = [
            "null": nil, "yes": "yes", "no": "no", "number": 1.5, "text of a number": "1.5", "date": "2026-11-01",
            "hex": "0x10", "empty": "", "blank": " x ", "lines": "a\n  b\n\nc\n", "emoji": "é 🎉", "colon": "a: b # c",
            "list": [], "object": [:], "nested": [["a": [1, "2", true]], []], "star": "*a", "quote": "it's \"so\"",
            "merge": "<<", "tilde": "~", "control": "a\u{7}b", "big": .integer(.max),
        ]
        let loaded = YAMLFile.load(YAMLText.text(of: value), file: "f")
        #expect(loaded.mistakes == [])
        #expect(loaded.documents.map(\.value) == [value])
    }
}
