import JSON

/// A number as decimal digits and an exponent, for arithmetic on what was written.
///
/// `0.3` is a multiple of `0.1`, which the nearest doubles do not say.
struct DecimalNumber {
    let significand: UInt64
    let exponent: Int

    init?(_ value: JSONValue) {
        switch value {
        case .integer(let integer): self.init(significand: integer.magnitude, exponent: 0)
        case .number(let number) where number.isFinite:
            self.init(shortest: number.magnitude.description)
        default: return nil
        }
    }

    private init(significand: UInt64, exponent: Int) {
        self.significand = significand
        self.exponent = exponent
    }

    /// Reads the shortest digits of a double: at most seventeen, a point and an exponent.
    private init(shortest text: String) {
        var significand: UInt64 = 0
        var exponent = 0
        let parts = text.split(separator: "e")
        var isFraction = false
        for character in parts.first ?? "" {
            guard let digit = character.wholeNumberValue else {
                isFraction = true
                continue
            }
            significand = significand * 10 + UInt64(digit)
            if isFraction { exponent -= 1 }
        }
        if parts.count > 1 { exponent += Int(parts[1]) ?? 0 }
        while significand > 0, significand.isMultiple(of: 10) {
            significand /= 10
            exponent += 1
        }
        self.init(significand: significand, exponent: exponent)
    }

    /// Whether the number is a whole multiple of another one, exactly.
    func isMultiple(of divisor: DecimalNumber) -> Bool {
        guard divisor.significand > 0 else { return false }
        guard significand > 0 else { return true }
        let shift = exponent - divisor.exponent
        if shift >= 0 {
            let remainder = Self.remainder(significand, timesTenTo: shift, by: divisor.significand)
            return remainder == 0
        }
        // The divisor has to be scaled up; beyond any significand it divides nothing.
        var scaled = divisor.significand
        for _ in 0..<(-shift) {
            let (product, overflows) = scaled.multipliedReportingOverflow(by: 10)
            guard !overflows else { return false }
            scaled = product
        }
        return significand.isMultiple(of: scaled)
    }

    private static func remainder(_ value: UInt64, timesTenTo power: Int, by divisor: UInt64) -> UInt64 {
        var remainder = value % divisor
        for _ in 0..<power where remainder != 0 {
            remainder = divisor.dividingFullWidth(remainder.multipliedFullWidth(by: 10)).remainder
        }
        return remainder
    }
}
