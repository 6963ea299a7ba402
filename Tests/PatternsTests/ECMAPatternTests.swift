import Patterns
import Testing

struct ECMAPatternTests {
    static let accepted: [(pattern: String, text: String)] = [
        // Characters
        (#"^\t\n\v\f\r$"#, "\t\n\u{b}\u{c}\r"), (#"^\cC\cc$"#, "\u{3}\u{3}"), (#"^\0$"#, "\0"),
        (#"^\x41\u0042\u{43}\u{1F432}$"#, "ABC🐲"), (#"^\uD83D\uDC32$"#, "🐲"), (#"^\/\-\_\@$"#, "/-_@"),
        ("^}]{$", "}]{"), ("^a{,5}$", "a{,5}"), ("^🐲*$", "🐲🐲"),
        // Sets
        (#"^\d\w\s\D\W\S$"#, "1_ x-x"), (#"^\s+$"#, "\u{a0}\u{feff}\u{2028}\u{2029}\u{3000}\u{b}\t "),
        (#"^[\s]+$"#, "\u{a0}\u{feff}\u{2028} "), (#"^[\S]+$"#, "aß🐲"), (#"^[^\S]+$"#, "\u{a0} "),
        (#"^[\w-.]+$"#, "a-."), (#"^[.-\w]+$"#, "a-."), (#"^[a\-z]+$"#, "-az"), ("^[a-c]+$", "abc"),
        ("^[[:a]+$", "[:a"), (#"^[\b]$"#, "\u{8}"), ("^[^]$", "\n"), (#"^[\]]$"#, "]"), (".", "\u{85}"),
        // Properties
        (#"^\p{Letter}+$"#, "aßж"), (#"^\p{L}\P{L}$"#, "a1"), (#"^\p{digit}+$"#, "42٣"),
        (#"^\p{General_Category=Uppercase_Letter}\p{gc=Lu}$"#, "AB"), (#"^[\p{Punctuation}]$"#, "!"),
        (#"^\p{Script=Greek}\p{sc=Greek}\p{Script_Extensions=Greek}$"#, "αβγ"), (#"^\p{ASCII}\p{Any}$"#, "aß"),
        (#"^\p{Assigned}\P{Assigned}$"#, "a\u{378}"), (#"^\p{Cased_Letter}\p{LC}$"#, "aB"),
        (#"^\p{Emoji}\p{Alphabetic}\p{White_Space}$"#, "😀a "),
        // Groups
        (#"^(?<year>\d{4})-\k<year>$"#, "2020-2020"), (#"^(?:a|b)(?=c)(?!d)c(?<=c)(?<!d)$"#, "ac"),
        (#"^(a)(b)\2\1$"#, "abba"), (#"^(a)?\1b$"#, "b"), (#"^(a)\1{2}?$"#, "aaa"),
    ]

    @Test(arguments: accepted)
    func whatECMA262LetsMatchDoes(pattern: String, text: String) throws {
        #expect(try Pattern(pattern, options: .ecma).matches(text))
    }

    static let rejected: [(pattern: String, text: String)] = [
        ("^abc$", "abc\n"), (#"^\d$"#, "٣"), (#"^\w$"#, "é"), (#"^\W$"#, "a"), (#"\bé"#, " é"), (#"^\S$"#, "\u{a0}"),
        (#"[\S]"#, "\u{feff}\u{2003}"), (#"[^\s]"#, "\u{2029}"), (".", "\n"), (".", "\r"), (".", "\u{2028}"),
        (".", "\u{2029}"), ("[]", "a"), ("[^]", ""), (#"^\cc$"#, "c"), ("^[a-c]+$", "d"), (#"^\P{L}$"#, "a"),
    ]

    @Test(arguments: rejected)
    func whatECMA262DoesNotLetMatchDoesNot(pattern: String, text: String) throws {
        #expect(try !Pattern(pattern, options: .ecma).matches(text))
    }

    static let malformed: [(pattern: String, offset: Int)] = [
        (#"a\A"#, 1), (#"\Z"#, 0), (#"\a"#, 0), (#"\Qa\E"#, 0), (#"ab\"#, 2), ("(?i)a", 0), ("(?>a)", 0),
        ("(?P<n>a)", 0), ("(?#x)", 0), ("(*ACCEPT)", 1), ("a++", 2), ("a*?+", 3), ("a{2}{3}", 4), ("[a", 0),
        (#"\uD83D"#, 0), (#"\uDC32"#, 0), (#"\u12"#, 0), (#"\u{110000}"#, 0), (#"\u{"#, 0), (#"\x4"#, 0),
        (#"\c1"#, 0), (#"\01"#, 0), (#"\pL"#, 0), (#"\p{}"#, 0), (#"\p{^L}"#, 0), (#"[\B]"#, 1), (#"\k"#, 0),
    ]

    @Test(arguments: malformed)
    func whatECMA262DoesNotKnowIsRefusedAtItsPlace(pattern: String, offset: Int) {
        let error = #expect(throws: PatternError.self) { try Pattern(pattern, options: .ecma) }
        #expect(error?.code == .syntax)
        #expect(error?.offset == offset)
    }

    @Test func aFaultBehindTranslatedPartsHasItsPlaceInTheSource() {
        let error = #expect(throws: PatternError.self) { try Pattern(#"\s.\p{Letter}\u0041(a"#, options: .ecma) }
        #expect(error?.offset == 21)
        #expect(error?.description == "missing closing parenthesis (at offset 21)")
    }
}
