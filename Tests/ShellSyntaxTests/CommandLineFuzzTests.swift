import Testing

@testable import ShellSyntax

/// Random lines: nothing may crash, hang or grow without bound.
///
/// The seed is fixed, so that a failure repeats.
@Suite struct CommandLineFuzzTests {
    /// A small generator whose numbers are the same on every run.
    private struct Numbers: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ (state >> 29)
        }
    }

    private static let pieces = [
        "ls", "rm", " ", "  ", "\n", ";", "&", "&&", "||", "|", "|&", "(", ")", "{", "}", "$(", "`", "'", "\"", "\\",
        "$", "${",
        "$((", "))", "<(", "<<E", "E\n", "<<<", ">", ">>", "2>&1", "if ", "then ", "fi", "for x in ", "do ", "done",
        "case x in ", "esac", ";;", "function f", "f()", "#", "X=1 ", "*", "~", "é", "\u{202E}", "sh -c ", "env ",
        "xargs ",
        "find . -exec ", "{}", "eval ", "[[", "]]", "!", "time ", "$'", "\\x6c", "=", "-", "0", "a",
    ]

    @Test(arguments: 0..<8)
    func randomPieces(seed: Int) {
        var numbers = Numbers(state: UInt64(seed))
        for _ in 0..<1_500 {
            let count = Int.random(in: 0..<40, using: &numbers)
            let line = (0..<count).map { _ in Self.pieces.randomElement(using: &numbers) ?? "" }.joined()
            hold(line)
        }
    }

    @Test(arguments: [
        "for f in $(ls *.txt); do cat \"$f\" | grep 'a b' > out; done && { echo `date`; } <<E\ntext\nE\n",
        "if [ -f x ]; then env X=1 sh -c 'find . -exec rm {} \\;' 2>&1; else f() { g | g & }; fi",
    ])
    func mutations(of line: String) {
        var numbers = Numbers(state: 7)
        let bytes = Array(line.utf8)
        for _ in 0..<3_000 {
            var changed = bytes
            for _ in 0...Int.random(in: 0..<3, using: &numbers) {
                let place = Int.random(in: 0..<changed.count, using: &numbers)
                switch Int.random(in: 0..<3, using: &numbers) {
                case 0: changed.remove(at: place)
                case 1: changed.insert(UInt8.random(in: 0x20..<0x7F, using: &numbers), at: place)
                default: changed[place] = UInt8.random(in: 0...255, using: &numbers)
                }
            }
            hold(String(decoding: changed, as: UTF8.self))
        }
    }

    @Test(arguments: [
        "(", "$(", "`", "{ ", "\"$(", "${x:-", "if ", "! ", "env ", "sh -c '", "<(", "a|", "a;", "a&&", "\\`", "<<E ",
        "x=(", "case x in a) ", "f() ", "$((", "[[ ", "eval ", "a\n", "'", "\\", "*", "{",
    ])
    func longRepetitions(piece: String) {
        for count in [10, 100, 5_000] { hold(String(repeating: piece, count: count)) }
        hold(String(repeating: piece, count: 200_000 / piece.utf8.count))
    }

    @Test func aLongHonestLineIsRead() {
        let line = CommandLine("cat " + String(repeating: "file.txt ", count: 7_000))
        #expect(line.problem == nil)
        #expect(line.commands.first?.words.count == 7_001)
    }

    private func hold(_ text: String) {
        let line = CommandLine(text)
        #expect(line.commands.count <= CommandLine.maximumCommands)
    }
}
