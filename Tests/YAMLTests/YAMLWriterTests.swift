import Testing
import YAML

struct YAMLWriterTests {
    private func scalar(_ text: String, _ style: YAMLNode.ScalarStyle = .any) -> YAMLNode {
        YAMLNode(.scalar(text, style: style))
    }

    private func mapping(_ entries: [(String, YAMLNode)], isFlow: Bool = false) -> YAMLNode {
        YAMLNode(.mapping(entries.map { YAMLNode.Entry(key: scalar($0), value: $1) }, isFlow: isFlow))
    }

    @Test func stylesAreKeptQuotesAreAddedWherePlainTextWouldBeReadAsSomethingElse() throws {
        let node = mapping([
            ("plain", scalar("a b")),
            ("quoted", scalar("yes", .singleQuoted)),
            ("comment", scalar("a # b")),
            ("control", scalar("a\u{7}")),
            ("lines", scalar("a\n  b\n", .literal)),
            ("unicode", scalar("é ☺")),
            ("block", YAMLNode(.sequence([scalar("1"), mapping([("k", scalar("", .singleQuoted))])], isFlow: false))),
            ("flow", YAMLNode(.sequence([scalar("1"), mapping([("k", scalar("2"))], isFlow: true)], isFlow: true))),
            ("empty", mapping([], isFlow: true)),
        ])
        let expected = """
            plain: a b
            quoted: 'yes'
            comment: 'a # b'
            control: "a\\a"
            lines: |
              a
                b
            unicode: é ☺
            block:
            - 1
            - k: ''
            flow: [1, {k: 2}]
            empty: {}

            """
        let text = try YAMLWriter.text(of: node, width: 100)
        #expect(text == expected)
    }

    @Test func longTextIsContinuedOnTheNextLine() throws {
        let words = Array(repeating: "word", count: 12).joined(separator: " ")
        let lines = try YAMLWriter.text(of: mapping([("k", scalar(words))]), width: 30).split(separator: "\n")
        #expect(lines.count == 2 && lines.allSatisfy { $0.count < 40 })
    }
}
