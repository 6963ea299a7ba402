/// What was asked for on the command line.
struct ChaosPlan: Sendable {
    /// The first seed; each trial has the next.
    var seed = UInt64.random(in: 1...999_999)
    /// How many trials; nil when only time counts.
    private var trials: Int?
    /// No trial begins after that.
    private var time: Duration?
    /// How long clients submit and things go wrong in each trial.
    var duration = Duration.seconds(15)

    init(_ arguments: ArraySlice<String>) throws {
        var rest = Array(arguments)
        while !rest.isEmpty {
            let name = rest.removeFirst()
            guard let text = rest.first, let number = UInt64(text), number > 0, number < 1 << 62 else { throw Usage() }
            rest.removeFirst()
            switch name {
            case "--trials": trials = Int(number)
            case "--seed": seed = number
            case "--minutes": time = .seconds(60 * Int64(min(number, 1_000_000)))
            case "--seconds": duration = .seconds(Int64(min(number, 1_000_000)))
            default: throw Usage()
            }
        }
    }

    func goesOn(after count: Int, since start: ContinuousClock.Instant) -> Bool {
        if let time { return start.duration(to: .now) < time && count < trials ?? .max }
        return count < trials ?? 1
    }

    struct Usage: Error, CustomStringConvertible {
        let description = "usage: scripts/chaos [--trials COUNT] [--seed NUMBER] [--minutes COUNT] [--seconds COUNT]"
    }
}
