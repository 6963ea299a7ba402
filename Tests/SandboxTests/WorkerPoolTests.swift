import Testing

@testable import Sandbox

@Suite struct WorkerPoolTests {
    private let gone = SandboxError(.broken, "gone")

    /// A pool whose first interpreter is ready, with its spare workers.
    private func readyPool(spare: Int = 2, maximum: Int = 2, calls: Int = 1_000) -> WorkerPool {
        var pool = WorkerPool(spareWorkers: spare, maximumConcurrentCalls: maximum, callsPerInterpreter: calls)
        _ = pool.warmUp()
        for case .makeWorker(let id, _) in pool.interpreterIsReady(1) { _ = pool.workerIsReady(id) }
        return pool
    }

    @Test func nothingStartsBeforeTheFirstCall() {
        var pool = WorkerPool(spareWorkers: 1, maximumConcurrentCalls: 4, callsPerInterpreter: 10)
        #expect(pool.interpreters.isEmpty)
        #expect(pool.add(1) == [.startInterpreter(1)])
        #expect(pool.add(2) == [])
        #expect(pool.interpreterIsReady(1) == [.makeWorker(1, 1), .makeWorker(2, 1), .makeWorker(3, 1)])
        #expect(pool.workerIsReady(1) == [.run(1, 1)])
        #expect(pool.workerIsReady(2) == [.run(2, 2)])
        #expect(pool.workerIsReady(3) == [])
    }

    @Test func aCallTakesASpareWorkerAndAnotherIsMade() {
        var pool = readyPool()
        #expect(pool.add(1) == [.run(1, 1), .makeWorker(3, 1)])
        #expect(pool.workerEnded(1, error: gone) == [])
        #expect(pool.runningCalls == 0)
    }

    @Test func anAnsweredCallMakesRoomBeforeItsWorkerIsGone() {
        var pool = readyPool(spare: 1, maximum: 1)
        _ = pool.add(1)
        _ = pool.workerIsReady(2)
        _ = pool.add(2)
        #expect(pool.callEnded(1) == [.kill(1), .run(2, 2), .makeWorker(3, 1)])
        #expect(pool.workerEnded(1, error: gone) == [])
        #expect(pool.callEnded(1) == [])
    }

    @Test func callsBeyondTheLimitWaitInTheirOrder() {
        var pool = readyPool()
        _ = pool.add(1)
        _ = pool.add(2)
        #expect(pool.add(3) == [])
        #expect(pool.add(4) == [])
        #expect(pool.workerIsReady(3) == [])
        #expect(pool.workerIsReady(4) == [])
        #expect(pool.waiting == [3, 4])
        #expect(pool.workerEnded(2, error: gone).first == .run(3, 3))
        #expect(pool.workerEnded(1, error: gone).first == .run(4, 4))
    }

    @Test func aWaitingCallCanBeTakenBack() {
        var pool = readyPool(maximum: 1)
        _ = pool.add(1)
        _ = pool.add(2)
        let wasWaiting = pool.removeWaiting(2)
        #expect(wasWaiting)
        let isRunning = pool.removeWaiting(1)
        #expect(!isRunning)
        #expect(pool.workerEnded(1, error: gone).contains { if case .run = $0 { true } else { false } } == false)
    }

    @Test func afterItsCallsAnInterpreterGivesWayToTheNext() {
        var pool = readyPool(spare: 1, calls: 1)
        // The old one goes on until the new one is there.
        #expect(pool.add(1) == [.run(1, 1), .startInterpreter(2), .makeWorker(2, 1)])
        #expect(pool.workerIsReady(2) == [])
        #expect(pool.interpreterIsReady(2) == [.kill(2), .makeWorker(3, 2)])
        #expect(pool.workerEnded(2, error: gone) == [])
        #expect(pool.workerEnded(1, error: gone) == [.stopInterpreter(1)])
        #expect(pool.interpreterEnded(1, error: gone) == [])
        #expect(Array(pool.interpreters.keys) == [2])
    }

    @Test func whenItDiesItsCallsFailAndThoseThatWaitGoToANewOne() {
        var pool = readyPool(maximum: 1)
        _ = pool.add(1)
        _ = pool.add(2)
        let actions = pool.interpreterEnded(1, error: gone)
        #expect(
            actions == [
                .fail(1, SandboxError(.broken, "the interpreter ended while the call ran")), .startInterpreter(2),
            ]
        )
        #expect(pool.waiting == [2])
    }

    @Test func anInterpreterThatCannotStartFailsWhoWaits() {
        var pool = WorkerPool(spareWorkers: 1, maximumConcurrentCalls: 1, callsPerInterpreter: 1)
        _ = pool.add(1)
        #expect(pool.interpreterEnded(1, error: gone) == [.fail(1, gone)])
        // And the next call tries again.
        #expect(pool.add(2) == [.startInterpreter(2)])
    }

    @Test func interpretersThatDieAgainAndAgainAreGivenUp() {
        var pool = WorkerPool(spareWorkers: 1, maximumConcurrentCalls: 1, callsPerInterpreter: 1)
        _ = pool.add(1)
        for generation in 1...2 {
            _ = pool.interpreterIsReady(generation)
            #expect(pool.interpreterEnded(generation, error: gone) == [.startInterpreter(generation + 1)])
        }
        _ = pool.interpreterIsReady(3)
        #expect(pool.interpreterEnded(3, error: gone) == [.fail(1, gone)])
    }

    @Test func workersThatEndAtOnceAreNotMadeForEver() {
        var pool = readyPool(spare: 1)
        var worker: WorkerPool.WorkerID = 1
        for _ in 1...2 {
            #expect(pool.workerEnded(worker, error: gone) == [.makeWorker(worker + 1, 1)])
            worker += 1
            _ = pool.workerIsReady(worker)
        }
        #expect(pool.workerEnded(worker, error: gone) == [])
        // A call is a new reason.
        #expect(pool.add(1) == [.makeWorker(worker + 1, 1)])
        #expect(pool.workerFailed(worker + 1, error: gone) == [.fail(1, gone)])
    }

    @Test func aReplacedInterpreterFinishesItsCalls() {
        var pool = readyPool(spare: 1)
        _ = pool.add(1)
        #expect(pool.replaceInterpreter() == [.startInterpreter(2)])
        #expect(pool.add(2) == [])
        // What it was still making is not used.
        #expect(pool.workerIsReady(2) == [.kill(2)])
        #expect(pool.workerEnded(2, error: gone) == [])
        #expect(pool.workerEnded(1, error: gone) == [.stopInterpreter(1)])
        #expect(pool.interpreterIsReady(2).contains(.makeWorker(3, 2)))
    }

    @Test func aShutdownEndsEverythingOnceAndFinishesWhenAllIsGone() {
        var pool = readyPool(spare: 1, maximum: 1)
        _ = pool.add(1)
        _ = pool.add(2)
        #expect(pool.shutDown() == [.fail(2, .shutDown), .kill(1), .kill(2), .stopInterpreter(1)])
        #expect(pool.add(3) == [.fail(3, .shutDown)])
        #expect(pool.workerEnded(1, error: gone) == [])
        #expect(pool.interpreterEnded(1, error: gone) == [.finish])
        #expect(pool.shutDown() == [.finish])
    }
}
