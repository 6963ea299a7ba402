/// A date and time of day on the wall, in the Gregorian calendar.
struct CivilDate: Sendable, Hashable {
    let year: Int
    let month: Int
    let day: Int
    let hour: Int
    let minute: Int
    let second: Int

    /// The day of the week, 0 being Sunday.
    let weekday: Int

    /// The date and time a number of seconds after 1970-01-01T00:00:00.
    init(secondsSince1970 seconds: Int64) {
        let days = seconds.floorDivided(by: 86_400)
        let secondOfDay = Int(seconds - days * 86_400)
        hour = secondOfDay / 3_600
        minute = secondOfDay / 60 % 60
        second = secondOfDay % 60
        // 1970-01-01 was a Thursday.
        weekday = Int((days + 4) - (days + 4).floorDivided(by: 7) * 7)

        // 400 years have 146,097 days; the guess is off by one at most.
        var year = 1970 + Int((days * 400).floorDivided(by: 146_097))
        while CivilDate.days(toYear: year) > days { year -= 1 }
        while CivilDate.days(toYear: year + 1) <= days { year += 1 }
        var dayOfYear = Int(days - CivilDate.days(toYear: year))
        var month = 1
        while dayOfYear >= CivilDate.length(ofMonth: month, year: year) {
            dayOfYear -= CivilDate.length(ofMonth: month, year: year)
            month += 1
        }
        self.year = year
        self.month = month
        day = dayOfYear + 1
    }

    /// The days from 1970-01-01 to the first day of a year.
    static func days(toYear year: Int) -> Int64 {
        let years = Int64(year - 1)
        let leapDays = years.floorDivided(by: 4) - years.floorDivided(by: 100) + years.floorDivided(by: 400)
        // 719,162 days lie between 0001-01-01 and 1970-01-01.
        return years * 365 + leapDays - 719_162
    }

    /// The number of days of a month, 1 being January.
    static func length(ofMonth month: Int, year: Int) -> Int {
        switch month {
        case 2: isLeap(year) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Whether a year has a 29th of February.
    static func isLeap(_ year: Int) -> Bool {
        year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    }
}

extension CivilDate {
    private static let weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]
    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]

    /// Date and time as in ISO 8601, without a zone.
    var iso8601: String {
        "\(Self.padded(year, 4))-\(Self.padded(month))-\(Self.padded(day))T\(timeOfDay)"
    }

    /// The time as `14:03:05`.
    var timeOfDay: String {
        "\(Self.padded(hour)):\(Self.padded(minute)):\(Self.padded(second))"
    }

    /// The date as `Monday, 27 July 2026`.
    var longDate: String {
        "\(Self.weekdays[weekday]), \(day) \(Self.months[month - 1]) \(year)"
    }

    static func padded(_ number: Int, _ count: Int = 2) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, count - digits.count)) + digits
    }
}

extension Int64 {
    /// The quotient rounded towards negative infinity.
    func floorDivided(by divisor: Int64) -> Int64 {
        let quotient = self / divisor
        return self % divisor < 0 ? quotient - 1 : quotient
    }
}
