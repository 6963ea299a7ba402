/// An exact fraction within the range of 128-bit integers.
///
/// Operations that leave the range return nil, so that the caller can go on with less precision.
struct Rational: Sendable, Hashable {
    /// The numerator, which carries the sign.
    let numerator: Int128

    /// The denominator, always positive and without a common factor with the numerator.
    let denominator: Int128

    /// A whole number.
    init(_ whole: Int128) {
        numerator = whole
        denominator = 1
    }

    /// A fraction in lowest terms; nil if the denominator is zero or the range is left.
    init?(_ numerator: Int128, _ denominator: Int128) {
        // The smallest integer has no positive counterpart.
        guard denominator != 0, denominator != .min, numerator != .min else { return nil }
        let divisor = Rational.greatestCommonDivisor(numerator, denominator)
        let sign: Int128 = denominator < 0 ? -1 : 1
        self.numerator = sign * (numerator / divisor)
        self.denominator = sign * (denominator / divisor)
    }

    /// The nearest binary approximation.
    var approximation: Double { Double(numerator) / Double(denominator) }

    /// Whether this is a whole number.
    package var isWhole: Bool { denominator == 1 }

    private static func greatestCommonDivisor(_ first: Int128, _ second: Int128) -> Int128 {
        var (larger, smaller) = (first.magnitude, second.magnitude)
        while smaller != 0 { (larger, smaller) = (smaller, larger % smaller) }
        return Int128(larger)
    }

    private static func product(_ left: Int128, _ right: Int128) -> Int128? {
        let (value, overflow) = left.multipliedReportingOverflow(by: right)
        return overflow ? nil : value
    }

    /// The sum, or nil beyond the range.
    package func adding(_ other: Rational) -> Rational? {
        guard let left = Self.product(numerator, other.denominator),
            let right = Self.product(other.numerator, denominator),
            let bottom = Self.product(denominator, other.denominator)
        else { return nil }
        let (top, overflow) = left.addingReportingOverflow(right)
        return overflow ? nil : Rational(top, bottom)
    }

    /// The product, or nil beyond the range.
    func multiplied(by other: Rational) -> Rational? {
        // Cancelling crosswise first keeps the factors small.
        guard let first = Rational(numerator, other.denominator), let second = Rational(other.numerator, denominator),
            let top = Self.product(first.numerator, second.numerator),
            let bottom = Self.product(first.denominator, second.denominator)
        else { return nil }
        return Rational(top, bottom)
    }

    /// One divided by this; nil for zero.
    var reciprocal: Rational? { Rational(denominator, numerator) }

    /// The same with the other sign.
    var negated: Rational? { Rational(-numerator, denominator) }

    /// The largest whole number that is not larger.
    package var floor: Int128 {
        let quotient = numerator / denominator
        return numerator < 0 && !isWhole ? quotient - 1 : quotient
    }

    /// A power with a whole exponent, or nil beyond the range (and for zero to a negative power).
    func raised(to exponent: Int128) -> Rational? {
        guard var base = exponent < 0 ? reciprocal : self, exponent != .min else { return nil }
        var remaining = exponent.magnitude
        var result = Rational(1)
        // One and minus one are the only bases whose powers stay in range for any exponent.
        if base.isWhole, base.numerator.magnitude == 1 { remaining %= 2 }
        while remaining > 0 {
            if remaining % 2 == 1 {
                guard let next = result.multiplied(by: base) else { return nil }
                result = next
            }
            remaining /= 2
            if remaining > 0 {
                guard let square = base.multiplied(by: base) else { return nil }
                base = square
            }
        }
        return result
    }

    /// The square root if it is a fraction too; nil otherwise.
    var exactSquareRoot: Rational? {
        guard numerator >= 0, let top = Self.exactSquareRoot(numerator), let bottom = Self.exactSquareRoot(denominator)
        else { return nil }
        return Rational(top, bottom)
    }

    private static func exactSquareRoot(_ square: Int128) -> Int128? {
        // A Double knows 53 bits of the root; the true one is among its neighbours if the square is that small.
        guard square < 1 << 104 else { return nil }
        let guess = Int128(Double(square).squareRoot())
        return (max(0, guess - 1)...(guess + 1)).first { $0 * $0 == square }
    }
}

extension Rational: Comparable {
    /// Whether one fraction is smaller than another.
    package static func < (left: Rational, right: Rational) -> Bool {
        guard let leftTop = product(left.numerator, right.denominator),
            let rightTop = product(right.numerator, left.denominator)
        else { return left.approximation < right.approximation }
        return leftTop < rightTop
    }
}
