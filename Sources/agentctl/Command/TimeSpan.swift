import ArgumentParser

/// A span of time in an option: `90s`, `15m`, `24h`, `7d`, `2w`.
struct TimeSpan: ExpressibleByArgument, Hashable {
    let duration: Duration

    init?(argument: String) {
        let seconds: [Character: Int64] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800]
        guard let unit = argument.last.flatMap({ seconds[$0] }), let count = Int64(argument.dropLast()), count >= 0,
            count <= 100_000_000
        else { return nil }
        duration = .seconds(count * unit)
    }
}
