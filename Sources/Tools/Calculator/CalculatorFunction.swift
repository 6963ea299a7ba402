internal import Glibc

/// A function of the calculator.
struct CalculatorFunction: Sendable {
    /// How many arguments it takes.
    package let arguments: ClosedRange<Int>

    /// Its value; a message if it has none there.
    package let apply: @Sendable ([CalculatorNumber]) throws(Undefined) -> CalculatorNumber

    /// Why a function has no value for its arguments.
    struct Undefined: Error {
        package let message: String
    }

    /// The most arguments of a function that takes any number.
    static let maximumArguments = 100

    /// All functions by name.
    package static let all: [String: CalculatorFunction] = [
        "sqrt": one { value throws(Undefined) in try squareRoot(value) },
        "abs": one { $0 < CalculatorNumber(0) ? -$0 : $0 },
        "floor": one { floor($0) },
        "ceil": one { -floor(-$0) },
        "round": CalculatorFunction(arguments: 1...2) { values throws(Undefined) in try round(values) },
        "min": CalculatorFunction(arguments: 1...maximumArguments) { $0.min() ?? CalculatorNumber(0) },
        "max": CalculatorFunction(arguments: 1...maximumArguments) { $0.max() ?? CalculatorNumber(0) },
        "log": CalculatorFunction(arguments: 1...2) { values throws(Undefined) in try logarithm(values) },
        "ln": one { value throws(Undefined) in .approximate(Glibc.log(try positive(value, "ln"))) },
        "exp": one { .approximate(Glibc.exp($0.approximation)) },
        "sin": one { withoutNoise(Glibc.sin($0.approximation)) },
        "cos": one { withoutNoise(Glibc.cos($0.approximation)) },
        "tan": one { value throws(Undefined) in try tangent(value) },
    ]

    private static func one(
        _ apply: @escaping @Sendable (CalculatorNumber) throws(Undefined) -> CalculatorNumber
    ) -> CalculatorFunction {
        CalculatorFunction(arguments: 1...1) { values throws(Undefined) in try apply(values[0]) }
    }
}

extension CalculatorFunction {
    private static func squareRoot(_ value: CalculatorNumber) throws(Undefined) -> CalculatorNumber {
        if value < CalculatorNumber(0) { throw Undefined(message: "sqrt of a negative number") }
        return value.raised(to: CalculatorNumber(1) / CalculatorNumber(2))
    }

    private static func floor(_ value: CalculatorNumber) -> CalculatorNumber {
        switch value {
        case .exact(let fraction): CalculatorNumber(fraction.floor)
        case .approximate(let number): .approximate(number.rounded(.down))
        }
    }

    /// Rounds half away from zero, to whole numbers or to a number of decimals.
    private static func round(_ values: [CalculatorNumber]) throws(Undefined) -> CalculatorNumber {
        var scale = CalculatorNumber(1)
        if values.count == 2 {
            guard let decimals = values[1].wholeNumber, (-30...30).contains(decimals) else {
                throw Undefined(message: "round takes a whole number of decimals from -30 to 30")
            }
            scale = CalculatorNumber(10).raised(to: CalculatorNumber(decimals))
        }
        let scaled = values[0] * scale
        let isNegative = scaled < CalculatorNumber(0)
        let half = CalculatorNumber(1) / CalculatorNumber(2)
        let shifted = (isNegative ? -scaled : scaled) + half
        let magnitude = floor(shifted)
        return (isNegative ? -magnitude : magnitude) / scale
    }

    /// The logarithm to base 10, or to the base given second.
    private static func logarithm(_ values: [CalculatorNumber]) throws(Undefined) -> CalculatorNumber {
        let value = try positive(values[0], "log")
        guard values.count == 2 else { return .approximate(log10(value)) }
        let base = try positive(values[1], "log")
        if base == 1 { throw Undefined(message: "log to base 1") }
        return .approximate(base == 2 ? log2(value) : Glibc.log(value) / Glibc.log(base))
    }

    private static func tangent(_ value: CalculatorNumber) throws(Undefined) -> CalculatorNumber {
        if withoutNoise(Glibc.cos(value.approximation)).isZero {
            throw Undefined(message: "tan is not defined there")
        }
        return withoutNoise(Glibc.tan(value.approximation))
    }

    private static func positive(_ value: CalculatorNumber, _ name: String) throws(Undefined) -> Double {
        guard value > CalculatorNumber(0) else {
            throw Undefined(message: "\(name) of a number that is not positive")
        }
        return value.approximation
    }

    /// Zero in place of what is left of it when multiples of pi are only known to 16 digits.
    private static func withoutNoise(_ value: Double) -> CalculatorNumber {
        value.magnitude < 1e-15 ? CalculatorNumber(0) : .approximate(value)
    }
}
