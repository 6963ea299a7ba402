import ArgumentParser
import Engine
import Store

/// The value of `--since` and `--until`: a span before now, or a time.
struct MetricsMoment: ExpressibleByArgument, Hashable {
    let moment: MetricsFilter.Moment

    init?(argument: String) {
        if let span = TimeSpan(argument: argument)?.duration {
            moment = .ago(span)
        } else if let time = Self.time(argument) {
            moment = .time(time)
        } else {
            return nil
        }
    }

    /// `2026-11-01`, `2026-11-01T09:30`, with seconds, with a zone.
    private static func time(_ text: String) -> String? {
        let parts = text.split(omittingEmptySubsequences: false) { $0 == "T" || $0 == " " }
        guard let date = parts.first, isDate(date), parts.count <= 2 else { return nil }
        guard parts.count == 2 else { return "\(date)T00:00:00Z" }
        let zoneStart = parts[1].firstIndex { "Z+-".contains($0) } ?? parts[1].endIndex
        let (clock, zone) = (parts[1][..<zoneStart], parts[1][zoneStart...])
        guard isClock(clock), zone.isEmpty || zone == "Z" || isOffset(zone) else { return nil }
        return "\(date)T\(clock)\(zone.isEmpty ? "Z" : zone)"
    }

    private static func isDate(_ text: Substring) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.map(\.count) == [4, 2, 2], let numbers = numbers(parts) else { return false }
        let (year, month, day) = (numbers[0], numbers[1], numbers[2])
        guard (1...9999).contains(year), (1...12).contains(month) else { return false }
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        return (1...days[month - 1]).contains(day)
    }

    private static func isClock(_ text: Substring) -> Bool {
        let halves = text.split(separator: ".", omittingEmptySubsequences: false)
        let parts = halves[0].split(separator: ":", omittingEmptySubsequences: false)
        guard halves.count <= 2, [2, 3].contains(parts.count), parts.allSatisfy({ $0.count == 2 }),
            let numbers = numbers(parts), numbers[0] < 24, numbers[1] < 60, numbers.count < 3 || numbers[2] < 60
        else { return false }
        return halves.count == 1 || (parts.count == 3 && (1...9).contains(halves[1].count) && Int(halves[1]) != nil)
    }

    private static func isOffset(_ text: Substring) -> Bool {
        let parts = text.dropFirst().split(separator: ":", omittingEmptySubsequences: false)
        guard [1, 2].contains(parts.count), parts.allSatisfy({ $0.count == 2 }), let numbers = numbers(parts) else {
            return false
        }
        return numbers[0] < 16 && (numbers.count < 2 || numbers[1] < 60)
    }

    private static func numbers(_ parts: [Substring]) -> [Int]? {
        guard parts.allSatisfy({ $0.utf8.allSatisfy { (48...57).contains($0) } }) else { return nil }
        let numbers = parts.compactMap { Int($0) }
        return numbers.count == parts.count ? numbers : nil
    }
}
