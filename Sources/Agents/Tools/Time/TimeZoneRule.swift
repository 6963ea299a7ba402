/// When a zone changes its clocks in years to come: the POSIX `TZ` text at the end of a time zone file.
///
/// `CET-1CEST,M3.5.0,M10.5.0/3` means: CET is an hour ahead of UTC, CEST lasts from the last Sunday of March to the last
/// Sunday of October at 3.
struct TimeZoneRule: Sendable, Hashable {
    /// A moment that comes every year.
    private enum Day: Sendable, Hashable {
        /// A day of the year from 1 to 365; the 29th of February is never counted.
        case julian(Int)
        /// A day of the year from 0 to 365; the 29th of February is counted.
        case zeroBased(Int)
        /// A weekday (0 being Sunday) of a week (5 being the last) of a month.
        case weekday(month: Int, week: Int, weekday: Int)
    }

    private struct Change: Sendable, Hashable {
        var day: Day
        var seconds = 7_200
    }

    private struct Summer: Sendable, Hashable {
        let offset: TimeZoneOffset
        let start: Change
        let end: Change
    }

    private let standard: TimeZoneOffset
    private let summer: Summer?

    /// Reads a rule; nil if the text is none.
    init?(_ text: some StringProtocol) {
        var scanner = Scanner(rest: Substring(text))
        guard let name = scanner.name(), let behind = scanner.time() else { return nil }
        standard = TimeZoneOffset(seconds: -behind, abbreviation: name)
        guard !scanner.rest.isEmpty else {
            summer = nil
            return
        }
        guard let summerName = scanner.name() else { return nil }
        var summerSeconds = -behind + 3_600
        if scanner.rest.first != "," {
            guard let behind = scanner.time() else { return nil }
            summerSeconds = -behind
        }
        guard let start = scanner.change(), let end = scanner.change(), scanner.rest.isEmpty else { return nil }
        let offset = TimeZoneOffset(seconds: summerSeconds, abbreviation: summerName)
        summer = Summer(offset: offset, start: start, end: end)
    }

    /// How the clocks stand at a moment.
    func offset(at secondsSince1970: Int64) -> TimeZoneOffset {
        guard let summer else { return standard }
        let year = CivilDate(secondsSince1970: secondsSince1970 + Int64(standard.seconds)).year
        // Each change is told in the time that is shown before it.
        let start = Self.seconds(of: summer.start, year: year) - Int64(standard.seconds)
        let end = Self.seconds(of: summer.end, year: year) - Int64(summer.offset.seconds)
        let isSummer =
            start < end
            ? (start..<end).contains(secondsSince1970)
            : !(end..<start).contains(secondsSince1970)
        return isSummer ? summer.offset : standard
    }

    private static func seconds(of change: Change, year: Int) -> Int64 {
        let firstDay = CivilDate.days(toYear: year)
        let day: Int64
        switch change.day {
        case .julian(let number):
            day = firstDay + Int64(number - 1) + (CivilDate.isLeap(year) && number > 59 ? 1 : 0)
        case .zeroBased(let number):
            day = firstDay + Int64(number)
        case .weekday(let month, let week, let weekday):
            let before = (1..<month).reduce(0) { $0 + CivilDate.length(ofMonth: $1, year: year) }
            let firstOfMonth = firstDay + Int64(before)
            let firstWeekday = CivilDate(secondsSince1970: firstOfMonth * 86_400).weekday
            var offset = (weekday - firstWeekday + 7) % 7 + (week - 1) * 7
            if offset >= CivilDate.length(ofMonth: month, year: year) { offset -= 7 }
            day = firstOfMonth + Int64(offset)
        }
        return day * 86_400 + Int64(change.seconds)
    }
}

extension TimeZoneRule {
    /// Takes the parts of a rule off the beginning of its text.
    private struct Scanner {
        var rest: Substring

        mutating func name() -> String? {
            if rest.first == "<" {
                guard let end = rest.firstIndex(of: ">") else { return nil }
                let name = rest[..<end].dropFirst()
                rest = rest[end...].dropFirst()
                return name.isEmpty ? nil : String(name)
            }
            let name = rest.prefix { $0.isASCII && $0.isLetter }
            rest = rest.dropFirst(name.count)
            return name.count >= 3 ? String(name) : nil
        }

        mutating func take(_ character: Character) -> Bool {
            guard rest.first == character else { return false }
            rest.removeFirst()
            return true
        }

        mutating func number(_ range: ClosedRange<Int>) -> Int? {
            let digits = rest.prefix { $0.isASCII && $0.isWholeNumber }
            guard digits.count <= 3, let number = Int(digits), range.contains(number) else { return nil }
            rest = rest.dropFirst(digits.count)
            return number
        }

        /// Hours, and maybe minutes and seconds, as seconds.
        mutating func time() -> Int? {
            let isNegative = take("-")
            if !isNegative { _ = take("+") }
            guard let hours = number(0...167) else { return nil }
            var seconds = hours * 3_600
            for unit in [60, 1] where take(":") {
                guard let count = number(0...59) else { return nil }
                seconds += count * unit
            }
            return isNegative ? -seconds : seconds
        }

        mutating func change() -> Change? {
            guard take(","), let day = day() else { return nil }
            guard take("/") else { return Change(day: day) }
            return time().map { Change(day: day, seconds: $0) }
        }

        private mutating func day() -> Day? {
            if take("J") { return number(1...365).map { .julian($0) } }
            guard take("M") else { return number(0...365).map { .zeroBased($0) } }
            guard let month = number(1...12), take("."), let week = number(1...5), take("."),
                let weekday = number(0...6)
            else { return nil }
            return .weekday(month: month, week: week, weekday: weekday)
        }
    }
}
