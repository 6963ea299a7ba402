internal import CLinux
internal import Glibc
internal import Reactor

/// The way from any task to the thread that owns libcurl's handles.
final class CurlInbox: Sendable {
    /// What the thread is asked to do.
    enum Command: Sendable {
        case start(HTTPTransfer)
        case abort(HTTPTransfer)
        case resume(HTTPTransfer)
    }

    private struct State: Sendable {
        var commands: [Command] = []
        var isParked = false
        var isStopping = false
        var termination: HTTPClientError?
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private let state = LockedValue(State())

    /// Signalled when there is something to take; closed when the last user of the inbox has gone, never earlier,
    /// because a task may be about to write to it.
    let wakeDescriptor: Int32

    init() {
        wakeDescriptor = clinux_eventfd_create()
    }

    deinit {
        if wakeDescriptor >= 0 { close(wakeDescriptor) }
    }

    /// Leaves a command and wakes the thread if it sleeps.
    ///
    /// - Returns: Why nobody will execute the command, or `nil`.
    func post(_ command: Command) -> HTTPClientError? {
        let (refusal, wakes): (HTTPClientError?, Bool) = state.withLock { state in
            if let termination = state.termination { return (termination, false) }
            state.commands.append(command)
            defer { state.isParked = false }
            return (nil, state.isParked)
        }
        if wakes { clinux_eventfd_signal(wakeDescriptor) }
        return refusal
    }

    /// Asks the thread to end.
    func requestStop() {
        state.withLock { $0.isStopping = true }
        clinux_eventfd_signal(wakeDescriptor)
    }

    /// Waits until the thread has ended.
    func waitForTermination() async {
        await withCheckedContinuation { waiter in
            let isOver = state.withLock { state in
                if state.termination == nil { state.waiters.append(waiter) }
                return state.termination != nil
            }
            if isOver { waiter.resume() }
        }
    }
}

// MARK: - The thread's side

extension CurlInbox {
    /// Takes what has been left; if that is nothing, the next command will signal `wakeDescriptor`.
    func take() -> (commands: [Command], stops: Bool) {
        state.withLock { state in
            var commands: [Command] = []
            swap(&commands, &state.commands)
            state.isParked = commands.isEmpty
            return (commands, state.isStopping)
        }
    }

    /// Refuses all further commands, ends the transfers that were not started yet, and resumes who waits.
    func terminate(_ error: HTTPClientError) {
        let (commands, waiters) = state.withLock { state in
            defer { (state.commands, state.waiters) = ([], []) }
            state.termination = error
            return (state.commands, state.waiters)
        }
        for case .start(let transfer) in commands { transfer.abort(error) }
        for waiter in waiters { waiter.resume() }
    }
}
