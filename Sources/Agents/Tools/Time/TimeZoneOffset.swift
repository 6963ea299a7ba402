/// How a zone's clocks stand at some moment.
struct TimeZoneOffset: Sendable, Hashable {
    /// Seconds to add to UTC.
    let seconds: Int

    /// The usual abbreviation, such as CEST.
    let abbreviation: String

    /// The offset as in ISO 8601: `Z`, `+02:00`, `-03:30`.
    var iso8601: String {
        if seconds == 0 { return "Z" }
        let magnitude = seconds.magnitude
        let sign = seconds < 0 ? "-" : "+"
        return "\(sign)\(CivilDate.padded(Int(magnitude) / 3_600)):\(CivilDate.padded(Int(magnitude) / 60 % 60))"
    }
}
