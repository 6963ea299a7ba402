import Testing

@testable import Postgres

struct PoolStateMachineTests {
    typealias Machine = PoolStateMachine<String, Int>

    private let start = ContinuousClock.now

    private func machine(connections: Int = 2, streams: Int = 1) -> Machine {
        Machine(
            limits: Machine.Limits(
                connections: connections,
                streams: streams,
                acquireTimeout: .seconds(10),
                idleTimeout: .seconds(60),
                lifetime: .seconds(3_600),
                firstRetryDelay: .seconds(1),
                longestRetryDelay: .seconds(4)
            )
        )
    }

    private func at(_ seconds: Int) -> ContinuousClock.Instant { start + .seconds(seconds) }

    /// Actions in a form that can be compared; times in seconds after the start.
    private func texts(_ actions: [Machine.Action]) -> [String] {
        actions.map { action in
            switch action {
            case .open(let id): "open \(id)"
            case .stopOpening(let id): "stop opening \(id)"
            case .close(let connection): "close \(connection)"
            case .lend(let lease, let request): "lend \(lease.connection) to \(request)"
            case .refuse(let request, let error): "refuse \(request): \(error.code)"
            case .setTimer(let deadline): "timer at \((deadline - start).components.seconds)"
            case .finished: "finished"
            }
        }
    }

    private func acquire(_ machine: inout Machine, now: Int) -> (String?, [String]) {
        let (lease, actions) = machine.acquire(now: at(now))
        return (lease?.connection, texts(actions))
    }

    @Test func aFirstRequestOpensAConnectionAndGetsItTheNextFindsItIdle() {
        var machine = machine()
        #expect(acquire(&machine, now: 0) == (nil, []))
        #expect(texts(machine.enqueue(1, id: 1, now: at(0))) == ["open 1", "timer at 10"])
        #expect(texts(machine.opened(1, "a", now: at(1))) == ["lend a to 1"])
        #expect(texts(machine.release(1, isReusable: true, now: at(2))) == [])
        #expect(acquire(&machine, now: 3) == ("a", []))
    }

    @Test func noMoreConnectionsAreOpenedThanAllowedAndWaitersAreServedInOrder() {
        var machine = machine()
        #expect(texts(machine.enqueue(1, id: 1, now: at(0))) == ["open 1", "timer at 10"])
        #expect(texts(machine.enqueue(2, id: 2, now: at(0))) == ["open 2"])
        #expect(texts(machine.enqueue(3, id: 3, now: at(0))) == [])
        #expect(texts(machine.opened(2, "b", now: at(1))) == ["lend b to 1"])
        #expect(texts(machine.opened(1, "a", now: at(1))) == ["lend a to 2"])
        #expect(acquire(&machine, now: 1) == (nil, []))
        #expect(texts(machine.enqueue(4, id: 4, now: at(1))) == [])
        #expect(texts(machine.release(1, isReusable: true, now: at(2))) == ["lend a to 3"])
        #expect(texts(machine.release(2, isReusable: true, now: at(2))) == ["lend b to 4"])
    }

    @Test func aRequestDoesNotOvertakeThoseThatWait() {
        var machine = machine(connections: 1)
        _ = machine.enqueue(1, id: 1, now: at(0))
        _ = machine.enqueue(2, id: 2, now: at(0))
        _ = machine.opened(1, "a", now: at(0))
        #expect(texts(machine.cancel(2)) == ["refuse 2: cancelled"])
        #expect(texts(machine.cancel(2)) == [])
        #expect(texts(machine.enqueue(3, id: 3, now: at(0))) == [])
        #expect(texts(machine.release(1, isReusable: true, now: at(1))) == ["lend a to 3"])
    }

    @Test func whoeverWaitsTooLongIsRefusedAndTheTimerGoesToTheNext() {
        var machine = machine(connections: 1)
        _ = machine.enqueue(1, id: 1, now: at(0))
        _ = machine.opened(1, "a", now: at(0))
        #expect(texts(machine.enqueue(2, id: 2, now: at(1))) == [])
        #expect(texts(machine.enqueue(3, id: 3, now: at(5))) == [])
        #expect(texts(machine.timerFired(now: at(10))) == ["timer at 11"])
        #expect(texts(machine.timerFired(now: at(11))) == ["refuse 2: acquireTimeout", "timer at 15"])
        #expect(texts(machine.release(1, isReusable: true, now: at(12))) == ["lend a to 3"])
    }

    @Test func aConnectionThatCannotBeOpenedIsTriedAgainAfterAGrowingPauseOneAtATime() {
        var machine = machine()
        let refused = PostgresError(.connectionFailed, "refused")
        _ = machine.enqueue(1, id: 1, now: at(0))
        #expect(texts(machine.enqueue(2, id: 2, now: at(0))) == ["open 2"])
        #expect(texts(machine.failedToOpen(1, refused, isPermanent: false, now: at(0))) == ["timer at 1"])
        #expect(texts(machine.failedToOpen(2, refused, isPermanent: false, now: at(0))) == [])
        #expect(texts(machine.timerFired(now: at(1))) == ["timer at 2"])
        #expect(texts(machine.timerFired(now: at(2))) == ["open 3", "timer at 10"])
        #expect(texts(machine.failedToOpen(3, refused, isPermanent: false, now: at(2))) == ["timer at 6"])
        #expect(texts(machine.timerFired(now: at(6))) == ["open 4", "timer at 10"])
        #expect(texts(machine.timerFired(now: at(10))) == ["refuse 1: connectionFailed", "refuse 2: connectionFailed"])
        #expect(texts(machine.opened(4, "a", now: at(11))) == ["timer at 71"])
        #expect(acquire(&machine, now: 11) == ("a", []))
    }

    @Test func afterASuccessAllThatWaitGetConnectionsAgain() {
        var machine = machine()
        _ = machine.enqueue(1, id: 1, now: at(0))
        _ = machine.failedToOpen(1, PostgresError(.connectionFailed, "refused"), isPermanent: false, now: at(0))
        #expect(texts(machine.enqueue(2, id: 2, now: at(0))) == [])
        #expect(texts(machine.timerFired(now: at(1))) == ["open 2", "timer at 10"])
        #expect(texts(machine.opened(2, "a", now: at(1))) == ["lend a to 1", "open 3"])
    }

    @Test func aRefusalThatStaysIsToldToAllAtOnce() {
        var machine = machine()
        _ = machine.enqueue(1, id: 1, now: at(0))
        _ = machine.enqueue(2, id: 2, now: at(0))
        let error = PostgresError(.connectionFailed, "wrong password")
        #expect(
            texts(machine.failedToOpen(1, error, isPermanent: true, now: at(0)))
                == ["refuse 1: connectionFailed", "refuse 2: connectionFailed"]
        )
    }

    @Test func aBrokenConnectionIsReplacedWhenSomebodyWaitsAndOnlyThen() {
        var machine = machine(connections: 1)
        let lost = PostgresError(.connectionLost, "lost")
        _ = machine.enqueue(1, id: 1, now: at(0))
        _ = machine.opened(1, "a", now: at(0))
        #expect(texts(machine.closed(1, lost, now: at(1))) == [])
        #expect(texts(machine.release(1, isReusable: false, now: at(1))) == [])
        #expect(texts(machine.enqueue(2, id: 2, now: at(1))) == ["open 2"])
        _ = machine.opened(2, "b", now: at(1))
        _ = machine.enqueue(3, id: 3, now: at(1))
        #expect(texts(machine.closed(2, lost, now: at(2))) == ["open 3"])
    }

    @Test func oneThatBreaksBeforeItCanBeUsedCountsAsOneThatCouldNotBeOpened() {
        var machine = machine()
        _ = machine.enqueue(1, id: 1, now: at(0))
        let lost = PostgresError(.connectionLost, "lost")
        #expect(texts(machine.closed(1, lost, now: at(0))) == ["timer at 1"])
    }

    @Test func aConnectionThatIsNotFitIsClosedAndAWaiterGetsAnother() {
        var machine = machine(connections: 1)
        _ = machine.enqueue(1, id: 1, now: at(0))
        _ = machine.opened(1, "a", now: at(0))
        _ = machine.enqueue(2, id: 2, now: at(0))
        #expect(texts(machine.release(1, isReusable: false, now: at(1))) == ["close a", "open 2"])
    }

    @Test func idleConnectionsAreClosedTheOneInUseStays() {
        var machine = machine()
        _ = machine.enqueue(1, id: 1, now: at(0))
        _ = machine.enqueue(2, id: 2, now: at(0))
        _ = machine.opened(1, "a", now: at(0))
        _ = machine.opened(2, "b", now: at(0))
        _ = machine.release(2, isReusable: true, now: at(5))
        #expect(texts(machine.timerFired(now: at(10))) == ["timer at 65"])
        #expect(texts(machine.timerFired(now: at(65))) == ["close b", "timer at 125"])
    }

    @Test func anOldConnectionIsClosedWhenItIsGivenBackOrWhenItIsIdle() {
        var machine = machine()
        _ = machine.enqueue(1, id: 1, now: at(0))
        _ = machine.opened(1, "a", now: at(0))
        #expect(texts(machine.release(1, isReusable: true, now: at(3_600))) == ["close a"])
    }

    @Test func sharedConnectionsTheLeastUsedOneAndASecondOneAsSoonAsTheFirstIsBusy() {
        var machine = machine(connections: 2, streams: 2)
        _ = machine.enqueue(1, id: 1, now: at(0))
        _ = machine.opened(1, "a", now: at(0))
        #expect(acquire(&machine, now: 0) == ("a", ["open 2"]))
        #expect(acquire(&machine, now: 0) == (nil, []))
        #expect(texts(machine.enqueue(2, id: 2, now: at(0))) == [])
        #expect(texts(machine.opened(2, "b", now: at(0))) == ["lend b to 2"])
        #expect(acquire(&machine, now: 0) == ("b", []))
        _ = machine.release(1, isReusable: true, now: at(0))
        #expect(acquire(&machine, now: 0) == ("a", []))
    }

    @Test func aSharedConnectionThatRetiresTakesNoMoreAndIsClosedAfterTheLast() {
        var machine = machine(connections: 1, streams: 4)
        _ = machine.enqueue(1, id: 1, now: at(0))
        _ = machine.opened(1, "a", now: at(0))
        _ = machine.acquire(now: at(0))
        #expect(texts(machine.release(1, isReusable: true, now: at(3_600))) == [])
        #expect(acquire(&machine, now: 3_600) == (nil, []))
        #expect(texts(machine.release(1, isReusable: true, now: at(3_601))) == ["close a"])
    }

    @Test func shutdownRefusesClosesWhatIsIdleAndIsOverWhenTheLastConnectionIsGivenBack() {
        var machine = machine(connections: 3)
        _ = machine.enqueue(1, id: 1, now: at(0))
        _ = machine.enqueue(2, id: 2, now: at(0))
        _ = machine.opened(1, "a", now: at(0))
        _ = machine.opened(2, "b", now: at(0))
        _ = machine.release(2, isReusable: true, now: at(0))
        _ = machine.acquire(now: at(0))
        _ = machine.enqueue(3, id: 3, now: at(0))
        _ = machine.release(2, isReusable: true, now: at(0))
        _ = machine.enqueue(4, id: 4, now: at(0))
        #expect(texts(machine.shutdown()) == ["refuse 4: shutdown", "stop opening 3"])
        #expect(texts(machine.enqueue(5, id: 5, now: at(0))) == ["refuse 5: shutdown"])
        #expect(acquire(&machine, now: 0) == (nil, []))
        #expect(texts(machine.opened(3, "c", now: at(0))) == ["close c"])
        #expect(texts(machine.release(1, isReusable: true, now: at(0))) == ["close a"])
        #expect(texts(machine.release(2, isReusable: true, now: at(0))) == ["close b", "finished"])
        #expect(texts(machine.shutdown()) == [])
    }

    @Test func shutdownOfAnUnusedPoolIsOverAtOnceLeasesThatStayOutAreClosedOnDemand() {
        var unused = machine()
        #expect(texts(unused.shutdown()) == ["finished"])
        var used = machine()
        _ = used.enqueue(1, id: 1, now: at(0))
        _ = used.opened(1, "a", now: at(0))
        #expect(texts(used.shutdown()) == [])
        #expect(texts(used.abandonLeases()) == ["close a", "finished"])
        #expect(texts(used.release(1, isReusable: true, now: at(0))) == [])
    }
}
