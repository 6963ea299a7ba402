import Testing

@testable import Postgres

@Suite("The pool's state machine")
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

    @Test("A first request opens a connection and gets it; the next finds it idle")
    func firstRequest() {
        var machine = machine()
        #expect(acquire(&machine, now: 0) == (nil, []))
        #expect(texts(machine.enqueue(1, id: 1, now: at(0))) == ["open 1", "timer at 10"])
        #expect(texts(machine.opened(1, "a", now: at(1))) == ["lend a to 1"])
        #expect(texts(machine.release(1, isReusable: true, now: at(2))) == [])
        #expect(acquire(&machine, now: 3) == ("a", []))
    }

    @Test("No more connections are opened than allowed, and waiters are served in order")
    func order() {
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

    @Test("A request does not overtake those that wait")
    func noOvertaking() {
        var machine = machine(connections: 1)
        _ = machine.enqueue(1, id: 1, now: at(0))
        _ = machine.enqueue(2, id: 2, now: at(0))
        _ = machine.opened(1, "a", now: at(0))
        #expect(texts(machine.cancel(2)) == ["refuse 2: cancelled"])
        #expect(texts(machine.cancel(2)) == [])
        #expect(texts(machine.enqueue(3, id: 3, now: at(0))) == [])
        #expect(texts(machine.release(1, isReusable: true, now: at(1))) == ["lend a to 3"])
    }

    @Test("Whoever waits too long is refused, and the timer goes to the next")
    func deadline() {
        var machine = machine(connections: 1)
        _ = machine.enqueue(1, id: 1, now: at(0))
        _ = machine.opened(1, "a", now: at(0))
        #expect(texts(machine.enqueue(2, id: 2, now: at(1))) == [])
        #expect(texts(machine.enqueue(3, id: 3, now: at(5))) == [])
        #expect(texts(machine.timerFired(now: at(10))) == ["timer at 11"])
        #expect(texts(machine.timerFired(now: at(11))) == ["refuse 2: acquireTimeout", "timer at 15"])
        #expect(texts(machine.release(1, isReusable: true, now: at(12))) == ["lend a to 3"])
    }

    @Test("A connection that cannot be opened is tried again after a growing pause, one at a time")
    func retries() {
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

    @Test("After a success all that wait get connections again")
    func recovery() {
        var machine = machine()
        _ = machine.enqueue(1, id: 1, now: at(0))
        _ = machine.failedToOpen(1, PostgresError(.connectionFailed, "refused"), isPermanent: false, now: at(0))
        #expect(texts(machine.enqueue(2, id: 2, now: at(0))) == [])
        #expect(texts(machine.timerFired(now: at(1))) == ["open 2", "timer at 10"])
        #expect(texts(machine.opened(2, "a", now: at(1))) == ["lend a to 1", "open 3"])
    }

    @Test("A refusal that stays is told to all at once")
    func permanentFailure() {
        var machine = machine()
        _ = machine.enqueue(1, id: 1, now: at(0))
        _ = machine.enqueue(2, id: 2, now: at(0))
        let error = PostgresError(.connectionFailed, "wrong password")
        #expect(
            texts(machine.failedToOpen(1, error, isPermanent: true, now: at(0)))
                == ["refuse 1: connectionFailed", "refuse 2: connectionFailed"]
        )
    }

    @Test("A broken connection is replaced when somebody waits, and only then")
    func broken() {
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

    @Test("One that breaks before it can be used counts as one that could not be opened")
    func brokenWhileOpening() {
        var machine = machine()
        _ = machine.enqueue(1, id: 1, now: at(0))
        let lost = PostgresError(.connectionLost, "lost")
        #expect(texts(machine.closed(1, lost, now: at(0))) == ["timer at 1"])
    }

    @Test("A connection that is not fit is closed, and a waiter gets another")
    func unfit() {
        var machine = machine(connections: 1)
        _ = machine.enqueue(1, id: 1, now: at(0))
        _ = machine.opened(1, "a", now: at(0))
        _ = machine.enqueue(2, id: 2, now: at(0))
        #expect(texts(machine.release(1, isReusable: false, now: at(1))) == ["close a", "open 2"])
    }

    @Test("Idle connections are closed; the one in use stays")
    func idle() {
        var machine = machine()
        _ = machine.enqueue(1, id: 1, now: at(0))
        _ = machine.enqueue(2, id: 2, now: at(0))
        _ = machine.opened(1, "a", now: at(0))
        _ = machine.opened(2, "b", now: at(0))
        _ = machine.release(2, isReusable: true, now: at(5))
        #expect(texts(machine.timerFired(now: at(10))) == ["timer at 65"])
        #expect(texts(machine.timerFired(now: at(65))) == ["close b", "timer at 125"])
    }

    @Test("An old connection is closed when it is given back, or when it is idle")
    func lifetime() {
        var machine = machine()
        _ = machine.enqueue(1, id: 1, now: at(0))
        _ = machine.opened(1, "a", now: at(0))
        #expect(texts(machine.release(1, isReusable: true, now: at(3_600))) == ["close a"])
    }

    @Test("Shared connections: the least used one, and a second one as soon as the first is busy")
    func shared() {
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

    @Test("A shared connection that retires takes no more, and is closed after the last")
    func retiring() {
        var machine = machine(connections: 1, streams: 4)
        _ = machine.enqueue(1, id: 1, now: at(0))
        _ = machine.opened(1, "a", now: at(0))
        _ = machine.acquire(now: at(0))
        #expect(texts(machine.release(1, isReusable: true, now: at(3_600))) == [])
        #expect(acquire(&machine, now: 3_600) == (nil, []))
        #expect(texts(machine.release(1, isReusable: true, now: at(3_601))) == ["close a"])
    }

    @Test("Shutdown refuses, closes what is idle, and is over when the last connection is given back")
    func shutdown() {
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

    @Test("Shutdown of an unused pool is over at once; leases that stay out are closed on demand")
    func shutdownByForce() {
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
