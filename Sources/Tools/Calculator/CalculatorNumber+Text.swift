extension CalculatorNumber {
    /// The most digits that an exact fraction is written with; a longer one is rounded like an approximation.
    private static let maximumExactDigits = 30

    /// The number in decimal digits.
    ///
    /// Exact where the fraction ends within 30 digits; otherwise rounded to 16 significant digits, and approximations to
    /// 15, which hides the noise in their last bits.
    package var text: String {
        switch self {
        case .exact(let value): Self.text(value)
        case .approximate(let value): Self.text(value, digits: 15)
        }
    }

    /// The digits of a fraction, by long division.
    private static func text(_ value: Rational) -> String {
        let denominator = value.denominator.magnitude
        var (whole, remainder) = value.numerator.magnitude.quotientAndRemainder(dividingBy: denominator)
        let sign = value.numerator < 0 ? "-" : ""
        if remainder == 0 { return sign + String(whole) }
        var digits = Array(String(whole))
        let wholeCount = digits.count
        var significantCount = whole == 0 ? 0 : wholeCount
        while remainder != 0, significantCount <= maximumExactDigits {
            let (scaled, overflow) = remainder.multipliedReportingOverflow(by: 10)
            if overflow { return text(value.approximation, digits: 16) }
            (whole, remainder) = scaled.quotientAndRemainder(dividingBy: denominator)
            digits += String(whole)
            // Zeros before the first other digit tell nothing but the size.
            if significantCount > 0 || whole > 0 { significantCount += 1 }
        }
        if remainder == 0, digits.count <= maximumExactDigits {
            return sign + String(digits[..<wholeCount]) + "." + String(digits[wholeCount...])
        }
        let rounded = DecimalDigits(digits, exponent: wholeCount - 1, count: remainder == 0 ? maximumExactDigits : 16)
        return sign + (rounded.plainText ?? rounded.scientificText)
    }

    /// An approximation, rounded to a number of significant digits, written as people do between 1e-6 and 1e21.
    private static func text(_ value: Double, digits: Int) -> String {
        if value == 0 { return "0" }
        let rounded = DecimalDigits(value, count: digits)
        return (value < 0 ? "-" : "") + (rounded.plainText ?? rounded.scientificText)
    }
}

/// The significant digits of a number and the place of its decimal point.
private struct DecimalDigits {
    private var digits: [Character]
    private let exponent: Int

    /// The rounded magnitude of a finite number that is not zero.
    init(_ value: Double, count: Int) {
        // The shortest text that reads back as the same number is at most 17 digits long; rounding those is exact enough.
        let text = "\(value.magnitude)"
        let parts = text.split(separator: "e", maxSplits: 1)
        let mantissa = parts[0].split(separator: ".", omittingEmptySubsequences: false)
        let written = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
        let all = Array(mantissa[0]) + (mantissa.count > 1 ? Array(mantissa[1]) : [])
        self.init(all, exponent: mantissa[0].count - 1 + written, count: count)
    }

    /// Digits, rounded to a number of significant ones.
    ///
    /// - Parameters:
    ///   - all: The digits, not all of them zero.
    ///   - exponent: The power of ten of the first digit.
    ///   - count: How many significant digits to keep.
    init(_ all: [Character], exponent: Int, count: Int) {
        let leadingZeros = all.prefix { $0 == "0" }.count
        var significant = Array(all.dropFirst(leadingZeros))
        var position = exponent - leadingZeros
        if significant.count > count {
            let roundsUp = significant[count] >= "5"
            significant = Array(significant.prefix(count))
            if roundsUp, Self.increment(&significant) { position += 1 }
        }
        while significant.count > 1, significant.last == "0" { significant.removeLast() }
        digits = significant
        self.exponent = position
    }

    /// Adds one to the last digit; true if all digits were nines, so that the number has become a power of ten.
    private static func increment(_ digits: inout [Character]) -> Bool {
        for index in digits.indices.reversed() {
            guard digits[index] == "9" else {
                digits[index] = Character(String((digits[index].wholeNumberValue ?? 0) + 1))
                return false
            }
            digits[index] = "0"
        }
        digits[0] = "1"
        return true
    }

    /// Without exponent; nil for numbers that would be unreadable that way.
    var plainText: String? {
        guard (-7...20).contains(exponent) else { return nil }
        if exponent < 0 { return "0." + String(repeating: "0", count: -exponent - 1) + String(digits) }
        let padded = digits + Array(repeating: "0", count: max(0, exponent + 1 - digits.count))
        let fraction = padded.dropFirst(exponent + 1)
        return String(padded.prefix(exponent + 1)) + (fraction.isEmpty ? "" : "." + String(fraction))
    }

    /// One digit before the point, and a power of ten.
    var scientificText: String {
        let fraction = digits.dropFirst()
        return String(digits[0]) + (fraction.isEmpty ? "" : "." + String(fraction)) + "e\(exponent)"
    }
}
