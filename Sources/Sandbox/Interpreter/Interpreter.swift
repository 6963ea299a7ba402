import CSandbox
import Glibc
import Reactor

/// A process that workers are forked from; touched on the reactor's thread only.
final class Interpreter {
    let generation: WorkerPool.Generation
    /// bubblewrap, or the interpreter itself where there are no namespaces.
    let process: ChildProcess
    let isolation: Isolation
    /// The workspace's directory that it has bound; nil if there was none.
    let workspace: DirectoryIdentity?
    let control: Descriptor
    let messages: Descriptor
    /// A handle of the interpreter itself, from when it is ready.
    var handle: Descriptor?
    var isReady = false
    /// It is to be gone; its end is waited for.
    var isEnding = false
    var hasEnded = false
    /// The last of what it and bubblewrap wrote to standard error.
    var lastWords: [UInt8] = []
    /// Workers whose end is not known yet.
    var workers: [WorkerPool.WorkerID: Worker] = [:]

    var controlWatch: ReactorWatch?
    var messagesWatch: ReactorWatch?
    var endWatches: [ReactorWatch] = []

    static let maximumLastWords = 4_096

    init(
        generation: Int,
        process: ChildProcess,
        isolation: Isolation,
        workspace: DirectoryIdentity?,
        control: Descriptor,
        messages: Descriptor
    ) {
        self.generation = generation
        self.process = process
        self.isolation = isolation
        self.workspace = workspace
        self.control = control
        self.messages = messages
    }

    /// Asks for a worker.
    ///
    /// - Returns: Whether the message was taken.
    func requestWorker(_ number: UInt64) -> Bool {
        var message: [UInt8] = [UInt8(ascii: "S")]
        withUnsafeBytes(of: number.littleEndian) { message.append(contentsOf: $0) }
        let count = message.withUnsafeBytes {
            send(control.number, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
        }
        return count == message.count
    }

    /// Adds to ``lastWords`` what can be read.
    ///
    /// - Returns: Whether more may come.
    func readMessages() -> Bool {
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while true {
            let count = read(messages.number, &buffer, buffer.count)
            guard count > 0 else { return count < 0 && (errno == EAGAIN || errno == EINTR) }
            lastWords += buffer.prefix(count)
            if lastWords.count > Self.maximumLastWords {
                lastWords.removeFirst(lastWords.count - Self.maximumLastWords)
            }
        }
    }
}
