import Definitions

/// Computes the value of an arithmetic expression while it reads it.
///
/// ```
/// sum      = product { ("+" | "-") product }
/// product  = signed { ("*" | "/" | "%") signed }
/// signed   = { "-" | "+" } power [ "%" [ "of" signed ] ]
/// power    = primary [ "^" signed power ]
/// primary  = number | constant | function "(" sum { "," sum } ")" | "(" sum ")"
/// ```
/// `^` groups to the right and binds tighter than a sign before it: -2^2 is -4. A `%` is *modulo* if something that can
/// only be an operand follows; otherwise it is *percent*. Added to or taken from something, a percentage is one of that:
/// 200 + 10% is 220. Length, depth and exponents are bounded; nothing but this grammar is ever evaluated.
struct CalculatorParser {
    /// The longest expression, in bytes.
    package static let maximumBytes = 1_000

    /// The deepest nesting of parentheses, functions, signs and powers.
    package static let maximumDepth = 64

    private static let thousandsHint = "; write numbers without thousands separators"

    /// A value, and whether it was written as a percentage.
    private struct Operand {
        var number: CalculatorNumber
        var isPercentage = false
    }

    private let tokens: [(token: CalculatorToken, position: Int)]
    private var index = 0
    private var depth = 0

    /// The value of an expression.
    ///
    /// - Throws: ``CalculatorError`` with the position if it is not an expression or has no value.
    package static func value(of expression: String) throws(CalculatorError) -> CalculatorNumber {
        guard expression.utf8.count <= maximumBytes else {
            throw CalculatorError(position: nil, message: "the expression is longer than \(maximumBytes) bytes")
        }
        var parser = CalculatorParser(tokens: try CalculatorLexer.tokens(of: expression))
        let result = try parser.sum()
        if parser.token == .symbol(",") { throw parser.unexpected("an operator", hint: thousandsHint) }
        guard parser.token == .end else { throw parser.unexpected("an operator") }
        return result.number
    }

    private init(tokens: [(token: CalculatorToken, position: Int)]) {
        self.tokens = tokens
    }

    private var token: CalculatorToken { tokens[index].token }
    private var position: Int { tokens[index].position }

    private mutating func take(_ symbol: Character) -> Bool {
        guard token == .symbol(symbol) else { return false }
        index += 1
        return true
    }

    private func unexpected(_ expectation: String, hint: String = "") -> CalculatorError {
        CalculatorError(position: position, message: "expected \(expectation), found \(token.description)\(hint)")
    }

    private mutating func sum() throws(CalculatorError) -> Operand {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.maximumDepth else { throw tooDeep }
        var left = try product()
        while token == .symbol("+") || token == .symbol("-") {
            let place = position
            let isMinus = token == .symbol("-")
            index += 1
            var right = try product()
            if right.isPercentage, !left.isPercentage {
                right = Operand(number: left.number * right.number)
            }
            let number = isMinus ? left.number - right.number : left.number + right.number
            left = Operand(number: try finite(number, at: place), isPercentage: right.isPercentage)
        }
        return left
    }

    private mutating func product() throws(CalculatorError) -> Operand {
        var left = try signed()
        while case .symbol(let symbol) = token, symbol == "*" || symbol == "/" || symbol == "%" {
            let place = position
            index += 1
            let right = try signed().number
            if symbol != "*", right.isZero { throw CalculatorError(position: place, message: "division by zero") }
            let number =
                switch symbol {
                case "*": left.number * right
                case "/": left.number / right
                default: left.number.modulo(right)
                }
            let factors = symbol == "%" ? [] : [left.number, right]
            left = Operand(number: try finite(number, at: place, of: factors))
        }
        return left
    }

    private mutating func signed() throws(CalculatorError) -> Operand {
        var isNegative = false
        while token == .symbol("-") || token == .symbol("+") {
            if token == .symbol("-") { isNegative.toggle() }
            index += 1
        }
        var operand = try power()
        if isNegative { operand.number = -operand.number }
        guard token == .symbol("%"), !isModulo else { return operand }
        let place = position
        index += 1
        operand = Operand(number: operand.number / CalculatorNumber(100), isPercentage: true)
        guard token == .word("of") else { return operand }
        index += 1
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.maximumDepth else { throw tooDeep }
        let (part, whole) = (operand.number, try signed().number)
        return Operand(number: try finite(part * whole, at: place, of: [part, whole]))
    }

    /// Whether the `%` at hand is followed by an operand.
    private var isModulo: Bool {
        switch tokens[index + 1].token {
        case .number, .symbol("("): true
        case .word(let word): word != "of"
        default: false
        }
    }

    private mutating func power() throws(CalculatorError) -> Operand {
        let base = try primary()
        let place = position
        guard take("^") else { return base }
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.maximumDepth else { throw tooDeep }
        var isNegative = false
        while token == .symbol("-") || token == .symbol("+") {
            if token == .symbol("-") { isNegative.toggle() }
            index += 1
        }
        let exponent = try power().number
        if base.number.isZero, (isNegative ? -exponent : exponent) < CalculatorNumber(0) {
            throw CalculatorError(position: place, message: "division by zero")
        }
        let result = base.number.raised(to: isNegative ? -exponent : exponent)
        if result.approximation.isNaN {
            throw CalculatorError(position: place, message: "a negative number to a power that is not whole")
        }
        return Operand(number: try finite(result, at: place, of: [base.number]))
    }

    private mutating func primary() throws(CalculatorError) -> Operand {
        let place = position
        switch token {
        case .number(let number):
            index += 1
            return Operand(number: number)
        case .symbol("("):
            index += 1
            let inner = try sum()
            guard take(")") else { throw unexpected("\")\"") }
            return inner
        case .word("pi"):
            index += 1
            return Operand(number: .approximate(.pi))
        case .word("e"):
            index += 1
            return Operand(number: .approximate(2.718281828459045))
        case .word(let name):
            index += 1
            return Operand(number: try function(name, at: place))
        default:
            throw unexpected("a number")
        }
    }
}

extension CalculatorParser {
    private mutating func function(_ name: String, at place: Int) throws(CalculatorError) -> CalculatorNumber {
        guard let function = CalculatorFunction.all[name] else {
            let known = CalculatorFunction.all.keys.sorted() + ["e", "of", "pi"]
            let hint = nearestName(to: name, among: known).map { "; did you mean \"\($0)\"?" } ?? ""
            throw CalculatorError(position: place, message: "unknown name \"\(name.prefix(utf8: 40))\"\(hint)")
        }
        guard take("(") else { throw unexpected("\"(\" after \(name)") }
        var values = [try sum().number]
        while take(",") { values.append(try sum().number) }
        guard take(")") else { throw unexpected("\")\"") }
        guard function.arguments.contains(values.count) else {
            let bounds = function.arguments
            let expected = bounds.count == 1 ? "1 argument" : "\(bounds.lowerBound) to \(bounds.upperBound) arguments"
            throw CalculatorError(position: place, message: "\(name) takes \(expected), not \(values.count)")
        }
        do {
            return try finite(try function.apply(values), at: place, of: name == "exp" ? [CalculatorNumber(1)] : [])
        } catch let error as CalculatorFunction.Undefined {
            throw CalculatorError(position: place, message: error.message)
        } catch let error as CalculatorError {
            throw error
        } catch {
            throw CalculatorError(position: place, message: "\(name) has no value there")
        }
    }

    /// A result, unless it is too large or too small for a number.
    ///
    /// - Parameter factors: What it is a product or a power of: it is zero only if one of these is.
    private func finite(
        _ number: CalculatorNumber,
        at place: Int,
        of factors: [CalculatorNumber] = []
    ) throws(CalculatorError) -> CalculatorNumber {
        guard number.approximation.isFinite else {
            throw CalculatorError(position: place, message: "the result is too large")
        }
        if case .approximate(let value) = number, value.magnitude < .leastNormalMagnitude, !factors.isEmpty,
            !factors.contains(where: \.isZero)
        {
            throw CalculatorError(position: place, message: "the result is too small")
        }
        return number
    }

    private var tooDeep: CalculatorError {
        CalculatorError(position: position, message: "nested more than \(Self.maximumDepth) deep")
    }
}
