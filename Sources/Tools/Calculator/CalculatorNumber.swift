internal import Glibc

/// A number of the calculator: exact as long as that is possible, otherwise the nearest binary approximation.
enum CalculatorNumber: Sendable, Hashable {
    case exact(Rational)
    case approximate(Double)

    /// A whole number.
    init(_ whole: Int128) {
        self = .exact(Rational(whole))
    }

    /// The nearest binary approximation.
    var approximation: Double {
        switch self {
        case .exact(let value): value.approximation
        case .approximate(let value): value
        }
    }

    /// The whole number that this is; nil if it is none, or not known exactly.
    var wholeNumber: Int128? {
        guard case .exact(let value) = self, value.isWhole else { return nil }
        return value.numerator
    }

    /// Whether this is zero.
    var isZero: Bool { approximation == 0 }

    private static func combine(
        _ left: CalculatorNumber,
        _ right: CalculatorNumber,
        exactly: (Rational, Rational) -> Rational?,
        approximately: (Double, Double) -> Double
    ) -> CalculatorNumber {
        if case .exact(let first) = left, case .exact(let second) = right, let result = exactly(first, second) {
            return .exact(result)
        }
        return .approximate(approximately(left.approximation, right.approximation))
    }

    package static func + (left: CalculatorNumber, right: CalculatorNumber) -> CalculatorNumber {
        combine(left, right, exactly: { $0.adding($1) }, approximately: +)
    }

    package static func - (left: CalculatorNumber, right: CalculatorNumber) -> CalculatorNumber {
        left + (-right)
    }

    package static func * (left: CalculatorNumber, right: CalculatorNumber) -> CalculatorNumber {
        combine(left, right, exactly: { $0.multiplied(by: $1) }, approximately: *)
    }

    package static func / (left: CalculatorNumber, right: CalculatorNumber) -> CalculatorNumber {
        combine(
            left,
            right,
            exactly: { first, second in second.reciprocal.flatMap { first.multiplied(by: $0) } },
            approximately: /
        )
    }

    static prefix func - (operand: CalculatorNumber) -> CalculatorNumber {
        if case .exact(let value) = operand, let negated = value.negated { return .exact(negated) }
        return .approximate(-operand.approximation)
    }

    /// The remainder of division towards negative infinity: it has the divisor's sign, so -7 modulo 3 is 2.
    func modulo(_ divisor: CalculatorNumber) -> CalculatorNumber {
        Self.combine(
            self,
            divisor,
            exactly: { first, second in
                guard let quotient = second.reciprocal.flatMap({ first.multiplied(by: $0) }),
                    let whole = Rational(quotient.floor).multiplied(by: second)?.negated
                else { return nil }
                return first.adding(whole)
            },
            approximately: { first, second in first - second * (first / second).rounded(.down) }
        )
    }

    /// A power; not a number if the base is negative and the exponent is not whole.
    func raised(to exponent: CalculatorNumber) -> CalculatorNumber {
        if case .exact(let base) = self {
            if let whole = exponent.wholeNumber, let result = base.raised(to: whole) { return .exact(result) }
            if case .exact(let power) = exponent, power == Rational(1, 2), let root = base.exactSquareRoot {
                return .exact(root)
            }
        }
        return .approximate(pow(approximation, exponent.approximation))
    }
}

extension CalculatorNumber: Comparable {
    /// Whether one number is smaller than another.
    package static func < (left: CalculatorNumber, right: CalculatorNumber) -> Bool {
        if case .exact(let first) = left, case .exact(let second) = right { return first < second }
        return left.approximation < right.approximation
    }
}
