/// How the report writes numbers.
enum Format {
    /// Three significant digits below a thousand, whole numbers in groups of three digits above.
    static func number(_ value: Double) -> String {
        guard value.isFinite else { return "?" }
        let magnitude = abs(value)
        switch magnitude {
        case 999.5...: return grouped(Int(value.rounded()))
        case 99.95...: return "\(Int(value.rounded()))"
        case 9.995...: return fixed(value, digits: 1)
        case 0.0995...: return fixed(value, digits: 2)
        default: return fixed(value, digits: 4)
        }
    }

    /// A rate, as in `12,345/s`.
    static func rate(_ samples: Samples) -> String { "\(number(samples.median))/s" }

    /// A number of milliseconds.
    static func milliseconds(_ value: Double) -> String { "\(number(value)) ms" }

    /// A number of microseconds.
    static func microseconds(_ value: Double) -> String { "\(number(value)) µs" }

    private static func fixed(_ value: Double, digits: Int) -> String {
        let scale = (0..<digits).reduce(1) { scale, _ in scale * 10 }
        let scaled = Int((abs(value) * Double(scale)).rounded())
        var fraction = String(scaled % scale)
        fraction = String(repeating: "0", count: digits - fraction.count) + fraction
        while fraction.last == "0" { fraction.removeLast() }
        let sign = value < 0 && scaled > 0 ? "-" : ""
        return sign + "\(scaled / scale)" + (fraction.isEmpty ? "" : ".\(fraction)")
    }

    private static func grouped(_ value: Int) -> String {
        var text = ""
        for (index, digit) in String(abs(value)).reversed().enumerated() {
            if index > 0, index % 3 == 0 { text.append(",") }
            text.append(digit)
        }
        return (value < 0 ? "-" : "") + String(text.reversed())
    }
}
