import Glibc
import Testing

@testable import Reactor

@Suite(.timeLimit(.minutes(2)))
struct WorkThreadsTests {
    @Test func workThatBlocksEveryThreadLeavesTheRuntimesPoolAlone() async throws {
        let threads = WorkThreads(maximum: 4)
        let running = LockedValue(0)
        let isOver = LockedValue(false)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask(executorPreference: threads) {
                    running.withLock { $0 += 1 }
                    while !isOver.withLock { $0 } { usleep(1_000) }
                }
            }
            while running.withLock { $0 } < 4 { await Task.yield() }
            #expect(running.withLock { $0 } == 4)
            isOver.withLock { $0 = true }
            try await group.waitForAll()
        }
        #expect(running.withLock { $0 } == 8)
    }

    @Test func tasksThatYieldShareAThread() async {
        let order = LockedValue<[Int]>([])
        let threads = WorkThreads(maximum: 1)
        let isBegun = LockedValue(false)
        await withDiscardingTaskGroup { group in
            group.addTask(executorPreference: threads) {
                while !isBegun.withLock { $0 } { usleep(1_000) }
            }
            for number in 1...2 {
                group.addTask(executorPreference: threads) {
                    for _ in 0..<3 {
                        order.withLock { $0.append(number) }
                        await Task.yield()
                    }
                }
            }
            isBegun.withLock { $0 = true }
        }
        let found = order.withLock { $0 }
        #expect(found.sorted() == [1, 1, 1, 2, 2, 2])
        #expect(found != found.sorted(), "the first had the thread to its end")
    }

    @Test func aLoopWakesItsSleepersWithoutTheRuntimesPool() async throws {
        let loop = Reactor(name: "sleepers")
        defer { loop.shutdown() }
        // Every thread of the runtime's own pool is taken.
        let isAwake = LockedValue(false)
        let taken = LockedValue(0)
        let cores = max(2, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask(executorPreference: loop) {
                while taken.withLock { $0 } == 0 { try await loop.sleep(for: .milliseconds(5)) }
                try await loop.sleep(for: .milliseconds(20))
                isAwake.withLock { $0 = true }
            }
            for _ in 0..<cores {
                group.addTask(executorPreference: globalConcurrentExecutor) {
                    taken.withLock { $0 += 1 }
                    while !isAwake.withLock { $0 } { usleep(1_000) }
                }
            }
            try await group.waitForAll()
        }
    }

    @Test func aCancelledSleepEnds() async {
        let loop = Reactor(name: "sleepers")
        defer { loop.shutdown() }
        let task = Task { try await loop.sleep(for: .seconds(86_400)) }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}
