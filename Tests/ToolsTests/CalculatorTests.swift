import Testing

@testable import Tools

@Suite struct CalculatorTests {
    static let values: [(expression: String, expected: String?)] = [
        // Exact decimals
        ("0.1+0.2", "0.3"), ("15% of 2847", "427.05"), ("1.10 * 3", "3.3"), ("0.1 * 0.1", "0.01"),
        ("1/3*3", "1"), ("2847 * 15 / 100", "427.05"), ("1e3", "1000"), ("1.5e-3", "0.0015"),
        (".5 + 1.", "1.5"),
        ("10/4", "2.5"), ("1/8", "0.125"), ("-1/8", "-0.125"),
        ("99999999999999999999 + 1", "100000000000000000000"),
        ("2^100", "1267650600228229401496703205376"), ("2^-2", "0.25"), ("(1/3)^2 * 9", "1"), ("0^0", "1"),
        ("-0", "0"),
        // Rounded
        ("1/3", "0.3333333333333333"), ("2/3", "0.6666666666666667"), ("2^200", "1.60693804425899e60"),
        ("1/7000", "0.0001428571428571429"), ("1e-9", "0.000000001"), ("1e-20 / 3", "3.333333333333333e-21"),
        // Precedence
        ("1 + 2 * 3", "7"), ("(1 + 2) * 3", "9"), ("2 ^ 3 ^ 2", "512"), ("-2^2", "-4"), ("(-2)^2", "4"),
        ("2^-1", "0.5"),
        ("10 - 4 - 3", "3"), ("100 / 10 / 2", "5"), ("2 * -3", "-6"), ("--3", "3"), ("+5", "5"),
        ("2**10", "1024"),
        ("6 × 7", "42"), ("84 ÷ 2", "42"), ("5 − 3", "2"), ("-3 ^ 2 + 1", "-8"),
        // Percent and modulo
        ("200 + 10%", "220"), ("200 - 10%", "180"), ("200 * 10%", "20"), ("10%", "0.1"), ("50% + 25%", "0.75"),
        ("100 + 10% + 10%", "121"), ("200 + (10% + 5%)", "230"), ("10 + 15% of 200", "40"),
        ("15% of 200 + 50", "80"),
        ("20% of 50% of 300", "30"), ("(20 + 5)% of 80", "20"), ("200 - -10%", "220"), ("80 / 20%", "400"),
        ("10 % 3", "1"), ("10%3", "1"), ("-7 % 3", "2"), ("7 % (-3)", "-2"), ("7.5 % 2", "1.5"),
        ("10 % 3 * 2", "2"),
        ("10% - 3", "-2.9"), ("round(10 % pi, 6)", "0.575222"), ("2^10%", "10.24"),
        // Functions and constants
        ("sqrt(16)", "4"), ("sqrt(2.25)", "1.5"), ("sqrt(2)", "1.4142135623731"), ("4^0.5", "2"),
        ("abs(-3.5)", "3.5"),
        ("round(2.5)", "3"), ("round(-2.5)", "-3"), ("round(3.14159, 2)", "3.14"), ("round(1234, -2)", "1200"),
        ("round(1.005, 2)", "1.01"), ("floor(-1.5)", "-2"), ("ceil(-1.5)", "-1"), ("ceil(1.2)", "2"),
        ("floor(pi)", "3"),
        ("min(3, 1, 2)", "1"), ("max(3, 1/2, pi)", "3.14159265358979"), ("log(1000)", "3"), ("log(8, 2)", "3"),
        ("ln(e)", "1"), ("exp(0)", "1"), ("exp(1)", "2.71828182845905"), ("sin(pi)", "0"),
        ("sin(pi/6)", "0.5"),
        ("cos(pi)", "-1"), ("cos(pi/2)", "0"), ("tan(pi/4)", "1"), ("SQRT(9) + Pi - π", "3"),
        ("2 * e", "5.43656365691809"),
        ("2e", nil), ("(-8)^(1/3)", nil),
    ]

    @Test(arguments: values)
    func computes(expression: String, expected: String?) {
        #expect((try? CalculatorParser.value(of: expression).text) == expected)
    }

    @Test(arguments: [
        ("", "expected a number, found the end (at character 1)"),
        ("1 +", "expected a number, found the end (at character 4)"),
        ("1 + )", "expected a number, found \")\" (at character 5)"),
        ("(1 + 2", "expected \")\", found the end (at character 7)"),
        ("1 2", "expected an operator, found a number (at character 3)"),
        ("2,847 * 3", "expected an operator, found \",\"; write numbers without thousands separators (at character 2)"),
        ("1/0", "division by zero (at character 2)"),
        ("5 % (1 - 1)", "division by zero (at character 3)"),
        ("0^-1", "division by zero (at character 2)"),
        ("sqrt(-1)", "sqrt of a negative number (at character 1)"),
        ("ln(0)", "ln of a number that is not positive (at character 1)"),
        ("log(5, 1)", "log to base 1 (at character 1)"),
        ("tan(pi/2)", "tan is not defined there (at character 1)"),
        ("sqr(4)", "unknown name \"sqr\"; did you mean \"sqrt\"? (at character 1)"),
        ("sqrt 4", "expected \"(\" after sqrt, found a number (at character 6)"),
        ("sqrt(1, 2)", "sqrt takes 1 argument, not 2 (at character 1)"),
        ("round(1, 2, 3)", "round takes 1 to 2 arguments, not 3 (at character 1)"),
        ("round(1, 0.5)", "round takes a whole number of decimals from -30 to 30 (at character 1)"),
        ("3 of 4", "expected an operator, found \"of\" (at character 3)"),
        ("1..2", "a second decimal point in a number (at character 3)"),
        (".", "expected digits around the decimal point (at character 1)"),
        ("(-1)^0.5", "a negative number to a power that is not whole (at character 5)"),
        ("1e301", "an exponent may be at most 300 (at character 2)"),
        ("1e99999999999999999999", "an exponent may be at most 300 (at character 2)"),
        ("9^9^9^9", "the result is too large (at character 4)"),
        ("exp(1000)", "the result is too large (at character 1)"),
        ("(1/3)^1000", "the result is too small (at character 6)"),
        ("2^-100000", "the result is too small (at character 2)"),
        ("1e-200 * 1e-200 * 0.5", "the result is too small (at character 8)"),
        ("1e-200 / 1e200", "the result is too small (at character 8)"),
        ("exp(-1000)", "the result is too small (at character 1)"),
        ("10% of 1e-300 * 1e-10", "the result is too small (at character 15)"),
        ("1e300 * 1e300", "the result is too large (at character 7)"),
        ("2; rm -rf /", "unexpected character \";\" (at character 2)"),
        ("__import__('os')", "unexpected character \"_\" (at character 1)"),
        ("0x10", "expected an operator, found \"x10\" (at character 2)"),
        ("1\u{0}", "unexpected character \"\\0\" (at character 2)"),
        ("٣ + 1", "unexpected character \"٣\" (at character 1)"),
    ])
    func refuses(expression: String, message: String) throws {
        let error = #expect(throws: CalculatorError.self) { try CalculatorParser.value(of: expression) }
        #expect(error?.text == message)
    }

    @Test(arguments: [
        String(repeating: "(", count: 1_000),
        String(repeating: "(", count: 65) + "1" + String(repeating: ")", count: 65),
        String(repeating: "2^", count: 400) + "2", String(repeating: "1% of ", count: 150) + "1",
        String(repeating: "abs(", count: 100) + "1" + String(repeating: ")", count: 100),
    ])
    func refusesDeepNesting(expression: String) throws {
        let error = #expect(throws: CalculatorError.self) { try CalculatorParser.value(of: expression) }
        #expect(error?.message == "nested more than 64 deep")
    }

    @Test func takesNestingUpToTheLimit() throws {
        let expression = String(repeating: "(", count: 63) + "1" + String(repeating: ")", count: 63)
        #expect(try CalculatorParser.value(of: expression).text == "1")
    }

    @Test func takesLongChainsOfSigns() throws {
        #expect(try CalculatorParser.value(of: String(repeating: "-", count: 999) + "1").text == "-1")
    }

    @Test func refusesLongExpressions() throws {
        let error = #expect(throws: CalculatorError.self) {
            try CalculatorParser.value(of: String(repeating: "1+", count: 600) + "1")
        }
        #expect(error?.text == "the expression is longer than 1000 bytes")
    }

    /// Whatever is thrown at it, the parser answers or refuses; arithmetic never traps.
    @Test func survivesRandomExpressions() {
        var generator = SeededGenerator(state: 42)
        let pieces = [
            "1", "0", "99999999999999999999999999999999999999", "1e300", "1e-300", "0.000001", "+", "-", "*", "/", "^",
            "%",
            "(", ")", ",", " of ", "sqrt(", "round(", "log(", "max(", "floor(", "pi", "e", "-", "2", "3", ".",
            "170141183460469231731687303715884105727",
        ]
        var valueCount = 0
        for _ in 0..<5_000 {
            let count = Int.random(in: 1...12, using: &generator)
            let expression = (0..<count).compactMap { _ in pieces.randomElement(using: &generator) }.joined()
            if let value = try? CalculatorParser.value(of: expression) {
                valueCount += 1
                #expect(value.approximation.isFinite)
                #expect(!value.text.isEmpty)
            }
        }
        #expect(valueCount > 50)
    }
}

/// A generator whose numbers are the same in every run.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        var mixed = state
        mixed ^= mixed >> 33
        mixed = mixed &* 0xFF51_AFD7_ED55_8CCD
        return mixed ^ (mixed >> 29)
    }
}
