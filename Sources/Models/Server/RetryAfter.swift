internal import Glibc

/// How long a server asks to wait, read from an answer's headers.
enum RetryAfter {
    /// The longest wait that is believed, in seconds: a day.
    private static let maximum = 86_400.0

    /// Reads `retry-after-ms` (milliseconds) or `Retry-After` (seconds, or an HTTP date).
    ///
    /// - Parameters:
    ///   - now: The time from which a date counts, in seconds since 1970.
    ///   - header: Looks a header up by its name, in lower case.
    /// - Returns: The wait, from nothing to a day; nil if there is no such header or it cannot be read.
    package static func duration(now: Int = time(nil), header: (String) -> String?) -> Duration? {
        if let milliseconds = header("retry-after-ms").flatMap(number) { return bounded(milliseconds / 1_000) }
        guard let value = header("retry-after") else { return nil }
        if let seconds = number(value) { return bounded(seconds) }
        return secondsSince1970(value).map { bounded(Double($0 - now)) }
    }

    private static func number(_ text: String) -> Double? {
        guard text.utf8.count <= 32, let number = Double(text), number.isFinite else { return nil }
        return number
    }

    private static func bounded(_ seconds: Double) -> Duration {
        .seconds(min(max(0, seconds), maximum))
    }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// The moment that an HTTP date names, such as `Sun, 06 Nov 1994 08:49:37 GMT`.
    private static func secondsSince1970(_ text: String) -> Int? {
        let fields = text.prefix(64).split(separator: " ")
        guard fields.count == 6, fields[5] == "GMT", let month = months.firstIndex(of: String(fields[2])) else {
            return nil
        }
        let numbers = ([fields[1], fields[3]] + fields[4].split(separator: ":")).compactMap { Int32($0) }
        guard numbers.count == 5, numbers.allSatisfy({ (0...9_999).contains($0) }) else { return nil }
        var date = tm()
        date.tm_mday = numbers[0]
        date.tm_mon = Int32(month)
        date.tm_year = numbers[1] - 1_900
        date.tm_hour = numbers[2]
        date.tm_min = numbers[3]
        date.tm_sec = numbers[4]
        return timegm(&date)
    }
}
