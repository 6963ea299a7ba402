import JSON
import Testing

@testable import agentctl

struct YAMLScalarTests {
    @Test(
        arguments: [
            ("", .null), ("~", .null), ("null", .null), ("Null", .null), ("nULL", "nULL"),
            ("true", true), ("False", false), ("TRUE", true), ("yes", "yes"), ("no", "no"), ("on", "on"),
            ("off", "off"),
            ("y", "y"), ("0", 0), ("-12", -12), ("+7", 7), ("007", 7), ("0o17", 15), ("0xfF", 255), ("0b1", "0b1"),
            ("1_000", "1_000"), ("0o18", "0o18"), ("0x", "0x"), ("0x-1", "0x-1"), ("1.5", 1.5), ("1.", 1.0),
            (".5", 0.5),
            ("-1e3", -1000.0), ("1e+2", 100.0), ("1e", "1e"), (".", "."), ("+", "+"), ("-", "-"), ("--1", "--1"),
            ("1.2.3", "1.2.3"), ("2026-11-01", "2026-11-01"), ("12:30:45", "12:30:45"),
            ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)), ("<<", "<<"),
        ] as [(String, JSONValue)]
    )
    func plainScalarsMeanWhatTheCoreSchemaSays(text: String, value: JSONValue) {
        #expect(YAMLScalar.resolve(text, tag: "", isPlain: true) == .value(value))
    }

    @Test(arguments: [".nan", ".NaN", ".inf", "-.inf", "+.INF", "9223372036854775808", "0xFFFFFFFFFFFFFFFFFF", "1e999"]
    )
    func whatJSONHasNoNumberForIsRefused(text: String) {
        guard case .refused(_, let expected) = YAMLScalar.resolve(text, tag: "", isPlain: true) else {
            Issue.record("\(text) was taken")
            return
        }
        #expect(expected?.contains("number") == true || expected?.contains("integer") == true)
    }

    @Test func quotesAndStrMakeTextOtherTagsAreHeldToTheirWord() {
        let tag = "tag:yaml.org,2002:"
        #expect(YAMLScalar.resolve("true", tag: tag + "str", isPlain: false) == .value("true"))
        #expect(YAMLScalar.resolve("12", tag: "!", isPlain: true) == .value("12"))
        #expect(YAMLScalar.resolve("12", tag: tag + "int", isPlain: true) == .value(12))
        #expect(YAMLScalar.resolve("12", tag: tag + "float", isPlain: true) == .value(.number(12)))
        #expect(
            YAMLScalar.resolve("x", tag: tag + "int", isPlain: true)
                == .refused(problem: "is \"x\"", expected: "a value that is !!int")
        )
        #expect(
            YAMLScalar.resolve("aGk=", tag: tag + "binary", isPlain: true)
                == .refused(problem: "has the tag !!binary", expected: "no tag, or !!str")
        )
    }
}
