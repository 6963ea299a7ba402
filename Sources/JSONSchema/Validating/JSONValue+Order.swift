import JSON

extension JSONValue {
    /// Whether a number is less than another one, exactly; `false` for values that are no numbers.
    func isLess(than other: JSONValue) -> Bool {
        switch (self, other) {
        case (.integer(let left), .integer(let right)): left < right
        case (.number(let left), .number(let right)): left < right
        case (.integer(let left), .number(let right)): Self.order(left, right) == .less
        case (.number(let left), .integer(let right)): Self.order(right, left) == .greater
        default: false
        }
    }

    private enum Order { case less, equal, greater, unordered }

    /// Compares without making a double of the integer, which would round it.
    private static func order(_ integer: Int64, _ number: Double) -> Order {
        if number.isNaN { return .unordered }
        if number >= 0x1p63 { return .less }
        if number < -0x1p63 { return .greater }
        let floor = number.rounded(.down)
        let whole = Int64(floor)
        if integer != whole { return integer < whole ? .less : .greater }
        return floor == number ? .equal : .less
    }
}
