import CSandbox
import Glibc
import Reactor

/// A process that takes one call; touched on the reactor's thread only.
final class Worker {
    /// What is read from its socket.
    enum Stage {
        /// Until it is sealed: single letters, and the listener's descriptor.
        case sealing
        /// The frame of the answer.
        case answering
        /// Nothing that comes matters any longer.
        case over
    }

    let number: WorkerPool.WorkerID
    let generation: WorkerPool.Generation
    let socket: Descriptor
    let output: Descriptor
    let handle: Descriptor
    /// Its number in this process's namespace; 0 when that is unknown.
    let process: pid_t
    var listener: Descriptor?
    var stage = Stage.sealing
    /// It said that what can be done ahead of need is done.
    var isPrepared = false
    var call: RunningCall?
    /// What is still to be sent to it.
    var unsent: ArraySlice<UInt8> = []
    /// The letter of its answer came.
    var isAnswering = false

    var socketWatch: ReactorWatch?
    var outputWatch: ReactorWatch?
    var listenerWatch: ReactorWatch?

    init(number: UInt64, generation: Int, socket: Descriptor, output: Descriptor, handle: Descriptor) {
        self.number = number
        self.generation = generation
        self.socket = socket
        self.output = output
        self.handle = handle
        process = max(0, csandbox_process_of(handle.number))
    }

    func kill() {
        _ = csandbox_signal(handle.number, SIGKILL)
    }

    /// What it used so far; nil when it ended, and the process that waited for it has the figures.
    func usage() -> Ending? {
        var usage = csandbox_ending()
        guard process > 0, csandbox_usage(handle.number, process, &usage) == 0 else { return nil }
        return Ending(usage)
    }

    /// Sends as much as the socket takes.
    func send() {
        while !unsent.isEmpty {
            let count = unsent.withUnsafeBytes {
                Glibc.send(socket.number, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
            }
            if count > 0 {
                unsent = unsent.dropFirst(count)
            } else if errno != EINTR {
                // The kernel reports its end, not its socket.
                if errno != EAGAIN { unsent = [] }
                return
            }
        }
    }
}
