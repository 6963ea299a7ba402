import JSON
import Testing

@testable import agentctl

struct OutputTests {
    @Test(arguments: [
        ("abc", 3), ("é", 1), ("e\u{301}", 1), ("日本", 4), ("한", 2), ("🎉", 2), ("❤\u{FE0F}", 2), ("👩‍👩‍👧", 2),
        ("\u{200B}", 0),
        ("⚙", 1), ("→", 1), ("", 0),
    ]
    )
    func textTakesTheColumnsThatATerminalGivesIt(text: String, columns: Int) {
        #expect(DisplayWidth.of(text) == columns)
    }

    @Test func textIsCutAtAWidthNeverInsideACharacter() {
        #expect(DisplayWidth.cut("abcdef", to: 6) == "abcdef")
        #expect(DisplayWidth.cut("abcdef", to: 5) == "abcd…")
        #expect(DisplayWidth.cut("日本語", to: 4) == "日…")
        #expect(DisplayWidth.cut("日本語", to: 1) == "…")
    }

    @Test func tablesAreAlignedByDisplayWidth() {
        var table = Table([.init(title: "name"), .init(title: "n", alignment: .right), .init(title: "text")])
        table.append(["日本", "1", "a\nb"])
        table.append(["x", "200", "\u{1B}[31mred"])
        #expect(table.text() == "name    n  text\n日本    1  a b\nx     200  ␛[31mred")
        // Nothing is left out of a narrow terminal.
        #expect(
            table.text(width: 12)
                == "name  日本\nn     1\ntext  a b\n\nname  x\nn     200\ntext  ␛[31mred"
        )
        var notes = Table([.init(title: "n", alignment: .right), .init(title: "note")])
        notes.append(["1", String(repeating: "x", count: 30)])
        #expect(notes.text(width: 20) == "n  note\n1  xxxxxxxxxxxxxxxx…")
    }

    @Test func whatStrangersWroteDoesNotSteerATerminal() {
        #expect(Printable.text("a\tb\nc\u{1B}]0;x\u{7}\u{9B}2J\u{202E}") == "a\tb\nc␛]0;x␇\u{FFFD}2J\u{FFFD}")
        #expect(Printable.line("a \r\n\n b\u{0}", width: 40) == "a b␀")
        #expect(Printable.line(String(repeating: "x", count: 1_000_000), width: 5) == "xxxx…")
    }

    @Test func jsonForATerminalStandsForTheSameText() throws {
        let value: JSONValue = ["a\u{9B}31m": "\u{7F}\u{202E}\u{2066}\u{1B}ü\u{FFFD}"]
        let shown = Printable.json(value.text)
        #expect(
            !shown.unicodeScalars.contains { (0x7F..<0xA0).contains($0.value) || $0 == "\u{202E}" || $0 == "\u{2066}" }
        )
        #expect(shown.contains(#"a\u009b31m"#) && shown.contains(#"\u007f\u202e\u2066"#))
        #expect(try JSONValue(parsing: shown) == value)
        let styled = "\u{1B}[31mred\u{1B}[0m\n"
        #expect(Printable.unsteered(styled + "\u{9D}0;x\u{202E}") == styled + "\u{FFFD}0;x\u{FFFD}")
    }

    @Test func fieldsAreShownWithAsManyDigitsAsSaySomething() {
        #expect(FieldFormat.milliseconds.text(0.1264) == "0.13")
        #expect(FieldFormat.milliseconds.text(12.34) == "12.3")
        #expect(FieldFormat.milliseconds.text(1234.5) == "1235")
        #expect(FieldFormat.money.text(0.000_012_3) == "0.000012")
        #expect(FieldFormat.money.text(12) == "12.00")
        #expect(FieldFormat.rate.text(0.9876) == "98.8%")
        #expect(FieldFormat.time.text("2026-11-21T07:33:12.345678+00:00") == "2026-11-21T07:33:12+00:00")
        #expect(FieldFormat.plain.text(["a", "b"]) == "a, b")
        #expect(FieldFormat.count.text(nil) == "-")
        #expect(FieldFormat.fixed(-0.004, digits: 2) == "0.00")
        #expect(FieldFormat.fixed(-1.005, digits: 1) == "-1.0")
    }
}
