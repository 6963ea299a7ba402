/// How long synchronous work may have its thread before other work gets a turn: the threads of tools are few, and a
/// large file or tree must not keep one to itself.
struct WorkTurn {
    private static let length = Duration.milliseconds(10)

    private var end = ContinuousClock.now + Self.length

    /// Lets other work run when the turn is over.
    ///
    /// - Parameter now: The time, from a caller that has read the clock.
    mutating func giveWay(at now: ContinuousClock.Instant = .now) async {
        guard now >= end else { return }
        await Task.yield()
        end = .now + Self.length
    }
}
