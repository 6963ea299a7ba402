import JSON

/// How the values of a field are shown to people; JSON has them as they are.
enum FieldFormat {
    /// As it is.
    case plain
    /// A count.
    case count
    /// Milliseconds; the unit is in the field's name.
    case milliseconds
    /// USD; the unit is in the field's name.
    case money
    /// A part of 1, as a percentage.
    case rate
    /// A time, to the second, with its zone.
    case time

    /// Numbers stand on the right.
    var alignment: Table.Alignment {
        switch self {
        case .plain, .time: .left
        case .count, .milliseconds, .money, .rate: .right
        }
    }

    /// The text of a value; of none, a dash.
    func text(_ value: JSONValue) -> String {
        switch (self, value) {
        case (_, .null): return "-"
        case (.milliseconds, _): return value.numberValue.map(Self.milliseconds) ?? "-"
        case (.money, _): return value.numberValue.map(Self.money) ?? "-"
        case (.rate, _): return value.numberValue.map { Self.fixed($0 * 100, digits: 1) + "%" } ?? "-"
        case (.time, .string(let time)): return Self.time(time)
        case (_, .string(let text)): return text
        case (_, .array(let items)) where items.allSatisfy({ $0.stringValue != nil }):
            return items.compactMap(\.stringValue).joined(separator: ", ")
        default: return value.text
        }
    }

    /// Milliseconds with as many digits as say something.
    static func milliseconds(_ value: Double) -> String {
        fixed(value, digits: value < 10 ? 2 : value < 100 ? 1 : 0)
    }

    /// USD: cents, and more digits for what is less than a cent.
    static func money(_ value: Double) -> String {
        fixed(value, digits: value == 0 || abs(value) >= 1 ? 2 : 6)
    }

    /// `2026-11-21T07:33:12.345678+00:00` without what is below a second.
    static func time(_ text: String) -> String {
        guard let dot = text.firstIndex(of: ".") else { return text }
        let zone = text[text.index(after: dot)...].drop { $0.isNumber }
        return String(text[..<dot] + zone)
    }

    /// A number with so many digits after the point, rounded to the nearest.
    static func fixed(_ value: Double, digits: Int) -> String {
        var scale = 1.0
        for _ in 0..<digits { scale *= 10 }
        let scaled = (abs(value) * scale).rounded()
        guard scaled < 9e15 else { return "\(value)" }
        let whole = String(Int64(scaled))
        let sign = value < 0 && scaled > 0 ? "-" : ""
        guard digits > 0 else { return sign + whole }
        let padded = String(repeating: "0", count: max(0, digits + 1 - whole.count)) + whole
        return "\(sign)\(padded.dropLast(digits)).\(padded.suffix(digits))"
    }
}
