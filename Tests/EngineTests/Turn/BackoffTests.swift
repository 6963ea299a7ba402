import Testing

@testable import Engine

struct BackoffTests {
    private struct Failure: Error, Equatable {
        var number = 0
        var isTransient = true
    }

    private func waits(_ backoff: Backoff, _ count: Int, random: UInt64 = 0) -> [Duration?] {
        var (backoff, generator) = (backoff, FixedGenerator(number: random))
        return (0..<count).map { _ in backoff.next(using: &generator) }
    }

    @Test func theyDoubleUpToTheLongest() {
        let backoff = Backoff(first: .milliseconds(50), longest: .milliseconds(300))
        #expect(waits(backoff, 5) == [50, 100, 200, 300, 300].map { .milliseconds($0) })
        #expect(waits(Backoff(first: .seconds(1), longest: .seconds(60)), 100).last == .seconds(60))
    }

    @Test func chanceShortensThemByNoMoreThanItsShare() {
        let backoff = Backoff(first: .milliseconds(100), longest: .seconds(1), jitter: 0.25)
        #expect(waits(backoff, 2, random: 0) == [.milliseconds(100), .milliseconds(200)])
        let shortest = waits(backoff, 2, random: .max).compactMap { $0 }
        #expect(shortest[0] >= .milliseconds(75) && shortest[0] < .milliseconds(76))
        #expect(shortest[1] >= .milliseconds(150) && shortest[1] < .milliseconds(151))
    }

    @Test func thereIsNoneAfterTheLastAttempt() {
        let backoff = Backoff(first: .seconds(1), longest: .seconds(9), attempts: 3)
        #expect(waits(backoff, 3) == [.seconds(1), .seconds(2), nil])
    }

    @Test func whatFailsForAWhileSucceedsInTheEnd() async throws {
        let clock = FakeClock()
        var (attempts, noted) = (0, [Failure]())
        let value = try await retrying(
            Backoff(first: .seconds(1), longest: .seconds(2)),
            clock: clock,
            while: \Failure.isTransient,
            noting: { noted.append($0) }
        ) { () throws(Failure) -> String in
            attempts += 1
            guard attempts > 3 else { throw Failure(number: attempts) }
            return "done"
        }
        #expect(value == "done")
        #expect(noted == [Failure(number: 1), Failure(number: 2), Failure(number: 3)])
        #expect(clock.waits == [.seconds(1), .seconds(2), .seconds(2)])
    }

    @Test func aFailureThatWillNotPassEndsItAtOnce() async {
        let clock = FakeClock()
        let failure = await #expect(throws: Failure.self) {
            try await retrying(.database, clock: clock, while: \Failure.isTransient) { () throws(Failure) in
                throw Failure(isTransient: false)
            }
        }
        #expect(failure == Failure(isTransient: false) && clock.waits == [])
    }

    @Test func noAttemptBeginsAfterTheTimeIsOver() async {
        let clock = FakeClock()
        var attempts = 0
        await #expect(throws: Failure.self) {
            try await retrying(
                Backoff(first: .seconds(2), longest: .seconds(2)),
                for: .seconds(5),
                clock: clock,
                while: \Failure.isTransient
            ) { () throws(Failure) in
                attempts += 1
                throw Failure()
            }
        }
        #expect(clock.waits == [.seconds(2), .seconds(2), .seconds(2)] && attempts == 4)
    }

    @Test func aTaskThatIsCancelledMakesNoFurtherAttempt() async {
        let attempts = await Task {
            withUnsafeCurrentTask { $0?.cancel() }
            var attempts = 0
            _ = try? await retrying(.database, while: \Failure.isTransient) { () throws(Failure) in
                attempts += 1
                throw Failure()
            }
            return attempts
        }.value
        #expect(attempts == 1)
    }
}
