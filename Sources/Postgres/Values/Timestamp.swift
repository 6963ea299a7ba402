/// A point in time as PostgreSQL writes it, in the proleptic Gregorian calendar.
struct Timestamp: Hashable {
    /// Microseconds since 1970-01-01 00:00:00 UTC.
    let microseconds: Int64

    private static let secondsPerDay: Int64 = 86_400
    private static let microsecondsPerSecond: Int64 = 1_000_000

    /// From the first day that `timestamptz` holds, in 4713 BC, to the last that fits, in 292277 AD.
    private static let range: ClosedRange<Int64> = -210_866_803_200_000_000...Int64.max

    /// - Returns: `nil` if PostgreSQL cannot hold such a time.
    init?(secondsSince1970 seconds: Double) {
        guard let microseconds = Int64(exactly: (seconds * 1_000_000).rounded()), Self.range.contains(microseconds)
        else { return nil }
        self.microseconds = microseconds
    }

    var secondsSince1970: Double { Double(microseconds) / 1_000_000 }

    // MARK: Writing

    /// Appends `2025-01-31 12:34:56.000007+00`, with ` BC` behind for years before 1.
    func append(to bytes: inout [UInt8]) {
        let (seconds, fraction) = Self.divide(microseconds, by: Self.microsecondsPerSecond)
        let (days, second) = Self.divide(seconds, by: Self.secondsPerDay)
        let (year, month, day) = Self.civil(daysSince1970: days)
        Self.append(year > 0 ? year : 1 - year, digits: 4, to: &bytes)
        for (separator, number) in [("-", month), ("-", day), (" ", second / 3_600), (":", second / 60 % 60)] {
            bytes.append(contentsOf: separator.utf8)
            Self.append(number, digits: 2, to: &bytes)
        }
        bytes.append(UInt8(ascii: ":"))
        Self.append(second % 60, digits: 2, to: &bytes)
        bytes.append(UInt8(ascii: "."))
        Self.append(fraction, digits: 6, to: &bytes)
        bytes.append(contentsOf: (year > 0 ? "+00" : "+00 BC").utf8)
    }

    private static func append(_ number: Int64, digits: Int, to bytes: inout [UInt8]) {
        let text = String(number)
        for _ in 0..<max(0, digits - text.utf8.count) { bytes.append(UInt8(ascii: "0")) }
        bytes.append(contentsOf: text.utf8)
    }

    // MARK: Reading

    /// Reads the ISO style: a date, and a time, a fraction and an offset if there are any.
    ///
    /// Without an offset it is UTC.
    ///
    /// - Returns: `nil` for anything else, `infinity` among it.
    init?(parsing text: some Sequence<UInt8>) {
        var scanner = TimestampScanner(text)
        guard let year = scanner.number(), scanner.skip("-"), let month = scanner.number(), (1...12).contains(month),
            scanner.skip("-"), let day = scanner.number(), (1...31).contains(day)
        else { return nil }
        var seconds: Int64 = 0
        var fraction: Int64 = 0
        if scanner.skip(" "), let hour = scanner.number() {
            guard scanner.skip(":"), let minute = scanner.number(), scanner.skip(":"), let second = scanner.number()
            else { return nil }
            fraction = scanner.skip(".") ? scanner.microseconds() : 0
            seconds = hour * 3_600 + minute * 60 + second
            guard let offset = scanner.offset() else { return nil }
            seconds -= offset
            _ = scanner.skip(" ")
        }
        let isBC = scanner.skip("B")
        guard !isBC || scanner.skip("C"), scanner.isAtEnd else { return nil }
        let days = Self.days(year: isBC ? 1 - year : year, month: month, day: day)
        let (whole, overflow) = (days * Self.secondsPerDay + seconds).multipliedReportingOverflow(
            by: Self.microsecondsPerSecond
        )
        let (sum, again) = whole.addingReportingOverflow(fraction)
        guard !overflow, !again else { return nil }
        microseconds = sum
    }

    // MARK: The calendar

    /// Division that rounds down, so that the remainder is never negative.
    private static func divide(_ number: Int64, by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = number.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }

    /// Days before the year, counted from 0000-03-01: with March first the leap day is a year's last.
    private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
        let shifted = month > 2 ? year : year - 1
        let (era, yearOfEra) = divide(shifted, by: 400)
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    private static func civil(daysSince1970 days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let (era, dayOfEra) = divide(days + 719_468, by: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }
}
