import CPCRE2
import Glibc

/// The work one match may still do.
///
/// PCRE2's match limit alone bounds nothing: it restarts at each starting place, and one step of it may move over
/// the whole text (`a*a*a*[bc]`). So PCRE2 calls back before each item of the pattern, and the budget counts the
/// calls and the distances between them.
///
/// What a failing item has read leaves no trace in the distances (`a{50000}` on 49,999 `a`), so the thread's CPU time
/// is the backstop. It is far enough out for the count to decide in all other cases.
struct MatchBudget {
    private var stepsLeft: Int
    private var position: Int
    private var callsUntilClock = callsBetweenClocks
    private let nanoseconds: UInt64
    /// The limit of the caller, on the wall.
    private let wallNanoseconds: UInt64
    private var start: (wall: UInt64, processor: UInt64)?

    private static let callsBetweenClocks = 256

    /// What PCRE2 calls before each item, with the budget as its data.
    static let callout: Callout = { block, data in
        guard let block, let data else { return PCRE2_ERROR_INTERNAL }
        let budget = data.assumingMemoryBound(to: MatchBudget.self)
        return budget.pointee.spend(at: block.pointee.current_position)
    }

    typealias Callout = @convention(c) (UnsafeMutablePointer<pcre2_callout_block_8>?, UnsafeMutableRawPointer?) -> Int32

    init(textBytes: Int, startingAt position: Int, within limit: Duration?) {
        stepsLeft = PatternLimits.baseSteps + textBytes * PatternLimits.stepsPerByte
        nanoseconds = PatternLimits.baseNanoseconds + UInt64(textBytes) * PatternLimits.nanosecondsPerByte
        wallNanoseconds = limit.map(Self.nanoseconds) ?? .max
        self.position = position
    }

    private static func nanoseconds(_ duration: Duration) -> UInt64 {
        let (seconds, attoseconds) = duration.components
        guard seconds >= 0, attoseconds >= 0 else { return 0 }
        return UInt64(min(seconds, 86_400)) * 1_000_000_000 + UInt64(attoseconds / 1_000_000_000)
    }

    /// Counts a step at a place of the text.
    ///
    /// - Returns: 0 to continue, or what the match shall end with.
    private mutating func spend(at position: Int) -> Int32 {
        stepsLeft -= 1 + abs(position - self.position)
        self.position = position
        callsUntilClock -= 1
        if callsUntilClock == 0 {
            callsUntilClock = Self.callsBetweenClocks
            guard hasTimeLeft() else { return PCRE2_ERROR_CALLOUT }
        }
        return stepsLeft >= 0 ? 0 : PCRE2_ERROR_MATCHLIMIT
    }

    /// Asks the cheap wall clock first; a thread that was kept from running must not lose its match for that.
    private mutating func hasTimeLeft() -> Bool {
        let wall = Self.now(CLOCK_MONOTONIC)
        guard let start else {
            start = (wall, Self.now(CLOCK_THREAD_CPUTIME_ID))
            return true
        }
        guard wall - start.wall <= wallNanoseconds else { return false }
        guard wall - start.wall > nanoseconds else { return true }
        return Self.now(CLOCK_THREAD_CPUTIME_ID) - start.processor <= nanoseconds
    }

    private static func now(_ clock: clockid_t) -> UInt64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
