import Glibc
import JSON
import Reactor

/// A call from when it was asked for until it is answered; touched on the reactor's thread only.
final class RunningCall {
    let id: WorkerPool.CallID
    let request: PythonRequest
    let bytes: [UInt8]
    let limits: SandboxLimits
    let complete: (Result<Finding, SandboxError>) -> Void

    var start: ContinuousClock.Instant?
    var end: ContinuousClock.Instant?
    var deadline: ReactorTimer?
    var disk: DiskWatch?
    var diskLook: ReactorTimer?
    var answer: PythonAnswer
    var output: [UInt8] = []
    var isOutputCut = false
    var violations: [SandboxViolation] = []
    var notifications = 0
    /// Why it was killed, if it was.
    var killed: Kill?

    enum Kill {
        case timeout
        case memory
        case output
        case disk
        case denied
        case cancelled
        case shutDown
        case broken(String)
        /// What it wrote where its answer belongs is none.
        case nonsense
    }

    /// Its outcome.
    struct Finding {
        let outcome: PythonOutcome
        let header: JSONValue?
        let body: ArraySlice<UInt8>
    }

    /// System calls that are answered before the worker is killed.
    static let maximumNotifications = 256
    static let maximumViolations = 64
    /// Threads that a call may have at once, its first one included.
    static let maximumThreads = 64

    init(
        id: UInt64,
        request: PythonRequest,
        bytes: [UInt8],
        complete: @escaping (Result<Finding, SandboxError>) -> Void
    ) {
        self.id = id
        self.request = request
        self.bytes = bytes
        self.complete = complete
        limits = request.limits
        answer = PythonAnswer(maximumBodyBytes: limits.resultBytes)
    }

    func add(_ violation: SandboxViolation) {
        guard violations.count < Self.maximumViolations, !violations.contains(violation) else { return }
        violations.append(violation)
    }

    /// Adds what was printed, as far as the limit goes.
    func addOutput(_ bytes: UnsafeRawBufferPointer) {
        let room = limits.outputBytes - output.count
        output.append(contentsOf: bytes.prefix(room))
        if bytes.count > room { isOutputCut = true }
    }
}
