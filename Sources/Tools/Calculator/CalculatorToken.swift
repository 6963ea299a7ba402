/// The smallest parts of an expression.
enum CalculatorToken: Sendable, Hashable {
    case number(CalculatorNumber)
    case word(String)
    case symbol(Character)
    case end

    /// The token as a person would name it.
    package var description: String {
        switch self {
        case .number: "a number"
        case .word(let word): "\"\(word)\""
        case .symbol(let symbol): "\"\(symbol)\""
        case .end: "the end"
        }
    }
}

/// Splits an expression into tokens, each with the position of its first character, counted from 1.
struct CalculatorLexer {
    private let scalars: [Unicode.Scalar]
    private var index = 0

    /// The tokens of an expression, the last being ``CalculatorToken/end``.
    ///
    /// - Throws: ``CalculatorError`` at the first character that belongs to no token.
    package static func tokens(of expression: String) throws(CalculatorError) -> [(
        token: CalculatorToken, position: Int
    )] {
        var lexer = CalculatorLexer(scalars: Array(expression.unicodeScalars))
        var tokens: [(token: CalculatorToken, position: Int)] = []
        while true {
            while let scalar = lexer.current, scalar.properties.isWhitespace { lexer.index += 1 }
            let position = lexer.index + 1
            let token = try lexer.next()
            tokens.append((token, position))
            if token == .end { return tokens }
        }
    }

    private init(scalars: [Unicode.Scalar]) {
        self.scalars = scalars
    }

    private var current: Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }

    private func isDigit(_ offset: Int = 0) -> Bool {
        index + offset < scalars.count && ("0"..."9").contains(scalars[index + offset])
    }

    private mutating func next() throws(CalculatorError) -> CalculatorToken {
        guard let scalar = current else { return .end }
        if isDigit() || scalar == "." { return try number() }
        if isLetter(scalar) { return word() }
        index += 1
        switch scalar {
        case "*" where current == "*":
            index += 1
            return .symbol("^")
        case "+", "-", "*", "/", "^", "%", "(", ")", ",": return .symbol(Character(scalar))
        case "−", "–": return .symbol("-")
        case "×", "·": return .symbol("*")
        case "÷": return .symbol("/")
        case "π": return .word("pi")
        default:
            throw CalculatorError(position: index, message: "unexpected character \(String(scalar).debugDescription)")
        }
    }

    private func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
    }

    private mutating func word() -> CalculatorToken {
        var word = ""
        while let scalar = current, isLetter(scalar) || (isDigit() && !word.isEmpty) {
            word.unicodeScalars.append(scalar)
            index += 1
        }
        return .word(word.lowercased())
    }

    private mutating func digits() -> String {
        var digits = ""
        while isDigit() {
            digits.unicodeScalars.append(scalars[index])
            index += 1
        }
        return digits
    }

    private mutating func number() throws(CalculatorError) -> CalculatorToken {
        let start = index + 1
        let whole = digits()
        var fraction = ""
        if current == "." {
            index += 1
            fraction = digits()
        }
        guard !whole.isEmpty || !fraction.isEmpty else {
            throw CalculatorError(position: start, message: "expected digits around the decimal point")
        }
        let exponent = try exponent()
        if current == "." { throw CalculatorError(position: index + 1, message: "a second decimal point in a number") }
        return .number(try CalculatorNumber(whole: whole, fraction: fraction, exponent: exponent, position: start))
    }

    /// The exponent of scientific notation; the letter e without digits behind it is left for the constant.
    private mutating func exponent() throws(CalculatorError) -> Int {
        guard current == "e" || current == "E" else { return 0 }
        let hasSign = index + 1 < scalars.count && (scalars[index + 1] == "-" || scalars[index + 1] == "+")
        guard isDigit(hasSign ? 2 : 1) else { return 0 }
        let isNegative = hasSign && scalars[index + 1] == "-"
        let position = index + 1
        index += hasSign ? 2 : 1
        guard let magnitude = Int(digits()), magnitude <= 300 else {
            throw CalculatorError(position: position, message: "an exponent may be at most 300")
        }
        return isNegative ? -magnitude : magnitude
    }
}

extension CalculatorNumber {
    /// A number from its digits, exact if they fit.
    fileprivate init(whole: String, fraction: String, exponent: Int, position: Int) throws(CalculatorError) {
        let scale = exponent - fraction.utf8.count
        let power = Rational(10).raised(to: Int128(scale))
        if let digits = Int128("0" + whole + fraction), let power, let exact = Rational(digits).multiplied(by: power) {
            self = .exact(exact)
            return
        }
        guard let value = Double("0\(whole).\(fraction)0e\(exponent)"), value.isFinite else {
            throw CalculatorError(position: position, message: "the number is too large")
        }
        self = .approximate(value)
    }
}
