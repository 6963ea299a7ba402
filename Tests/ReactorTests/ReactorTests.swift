import Glibc
import Testing

@testable import Reactor

@Suite(.timeLimit(.minutes(5)))
struct ReactorTests {
    /// An actor that lives on a loop.
    private actor Resident {
        nonisolated let loop: Reactor
        nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }
        private var count = 0

        init(_ loop: Reactor) {
            self.loop = loop
        }

        func increment() -> Int {
            precondition(loop.isCurrent)
            count += 1
            return count
        }
    }

    @Test func anActorOnTheLoopRunsOnItsThreadOneCallAtATime() async {
        let loop = Reactor()
        defer { loop.shutdown() }
        let resident = Resident(loop)
        let counts = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<1_000 { group.addTask { await resident.increment() } }
            return await group.reduce(into: Set()) { $0.insert($1) }
        }
        #expect(counts == Set(1...1_000))
        #expect(!loop.isCurrent)
    }

    @Test func aTaskCanPreferTheLoop() async {
        let loop = Reactor()
        defer { loop.shutdown() }
        let isCurrent = await withTaskExecutorPreference(loop) { @concurrent () async in loop.isCurrent }
        #expect(isCurrent)
    }

    @Test func timersFireInTheOrderOfTheirDeadlinesAndNotWhenTakenBack() async {
        let loop = Reactor()
        defer { loop.shutdown() }
        let fired = AsyncStream<Int>.makeStream()
        loop.execute {
            let now = ContinuousClock.now
            _ = loop.schedule(at: now + .milliseconds(30)) { fired.continuation.yield(3) }
            _ = loop.schedule(at: now + .milliseconds(10)) { fired.continuation.yield(1) }
            let timer = loop.schedule(at: now + .milliseconds(15)) { fired.continuation.yield(0) }
            _ = loop.schedule(at: now + .milliseconds(20)) { fired.continuation.yield(2) }
            _ = loop.schedule(at: now + .milliseconds(40)) { fired.continuation.finish() }
            loop.cancel(timer)
        }
        var numbers: [Int] = []
        for await number in fired.stream { numbers.append(number) }
        #expect(numbers == [1, 2, 3])
    }

    @Test func aWatchIsToldWhenItsDescriptorIsReadyUntilItIsRemoved() async throws {
        let loop = Reactor()
        defer { loop.shutdown() }
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        let (reading, writing) = (ends[0], ends[1])
        defer { for end in ends { close(end) } }
        let bytes = AsyncStream<UInt8>.makeStream()
        loop.execute {
            var watch: ReactorWatch?
            watch = loop.watch(reading, for: .readable) { _ in
                var byte: UInt8 = 0
                read(reading, &byte, 1)
                bytes.continuation.yield(byte)
                if byte == 2, let watch { loop.remove(watch) }
            }
        }
        var iterator = bytes.stream.makeAsyncIterator()
        for byte: UInt8 in [1, 2] {
            withUnsafePointer(to: byte) { _ = write(writing, $0, 1) }
            #expect(await iterator.next() == byte)
        }
        withUnsafePointer(to: 3) { _ = write(writing, $0, 1) }
        // What the loop does after this it has done without looking at the pipe.
        await withCheckedContinuation { continuation in
            loop.execute {
                _ = loop.schedule(at: .now + .milliseconds(20)) { continuation.resume() }
            }
        }
        bytes.continuation.finish()
        #expect(await iterator.next() == nil)
    }

    @Test func workThatComesAfterShutdownStillRunsOnOneThreadAtATime() async {
        let loop = Reactor()
        let resident = Resident(loop)
        #expect(await resident.increment() == 1)
        loop.shutdown()
        let counts = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<100 { group.addTask { await resident.increment() } }
            return await group.reduce(into: Set()) { $0.insert($1) }
        }
        #expect(counts == Set(2...101))
    }

    @Test func theThreadEndsWithShutdown() async throws {
        let loop = Reactor(name: "ends-soon")
        let thread = await withCheckedContinuation { continuation in
            loop.execute {
                let path = realpath("/proc/thread-self", nil)
                continuation.resume(returning: path.map { String(cString: $0) })
                free(path)
            }
        }
        let path = try #require(thread)
        #expect(path.hasPrefix("/proc/") && access(path, F_OK) == 0)
        loop.shutdown()
        while access(path, F_OK) == 0 { try await Task.sleep(for: .milliseconds(1)) }
    }

    @Test func timersAreKeptInOrderUnderAnyOrderOfInsertion() {
        var timers = ReactorTimers()
        let now = ContinuousClock.now
        var order: [Int] = []
        var scheduled: [Int: ReactorTimer] = [:]
        for number in [5, 1, 4, 2, 3, 6] {
            scheduled[number] = timers.insert(at: now + .seconds(number)) { order.append(number) }
        }
        if let timer = scheduled[4] {
            timers.remove(timer)
            timers.remove(timer)
        }
        #expect(timers.nextDeadline == now + .seconds(1))
        while let action = timers.popDue(now + .seconds(5)) { action() }
        #expect(order == [1, 2, 3, 5])
        #expect(timers.nextDeadline == now + .seconds(6))
    }
}
