/// Reads the parts of a timestamp from left to right.
struct TimestampScanner<Text: Sequence<UInt8>> {
    private var rest: Text.Iterator
    private var next: UInt8?

    init(_ text: Text) {
        rest = text.makeIterator()
        next = rest.next()
    }

    var isAtEnd: Bool { next == nil }

    /// Takes the character if it is next.
    mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: character) else { return false }
        next = rest.next()
        return true
    }

    private mutating func digit() -> Int64? {
        guard let byte = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
        next = rest.next()
        return Int64(byte - UInt8(ascii: "0"))
    }

    /// Takes a number of at most nine digits.
    mutating func number() -> Int64? {
        guard var number = digit() else { return nil }
        var digits = 1
        while digits < 9, let digit = digit() {
            number = number * 10 + digit
            digits += 1
        }
        return number
    }

    /// Takes the digits of a fraction; those behind the sixth do not count.
    mutating func microseconds() -> Int64 {
        var microseconds: Int64 = 0
        var unit: Int64 = 100_000
        while let digit = digit() {
            microseconds += digit * unit
            unit /= 10
        }
        return microseconds
    }

    /// Takes `+02`, `-03:30` or `+00:19:32`; none is zero.
    ///
    /// - Returns: Seconds east of Greenwich, or `nil` if a sign is not followed by numbers.
    mutating func offset() -> Int64? {
        let sign: Int64
        if skip("+") {
            sign = 1
        } else if skip("-") {
            sign = -1
        } else {
            return 0
        }
        guard let hours = number() else { return nil }
        var seconds = hours * 3_600
        for unit: Int64 in [60, 1] where skip(":") {
            guard let number = number() else { return nil }
            seconds += number * unit
        }
        return sign * seconds
    }
}
