import CSandbox

/// How a process ended and what it used, by the kernel.
struct Ending: Sendable, Hashable {
    /// The exit code; nil if it was killed.
    var code: Int?
    /// The signal that killed it.
    var signal: Int32?
    var processorTime: Duration = .zero
    var peakMemoryBytes = 0

    init(code: Int? = nil, signal: Int32? = nil, processorTime: Duration = .zero, peakMemoryBytes: Int = 0) {
        self.code = code
        self.signal = signal
        self.processorTime = processorTime
        self.peakMemoryBytes = peakMemoryBytes
    }

    init(_ ending: csandbox_ending) {
        code = ending.code < 0 ? nil : Int(ending.code)
        signal = ending.signal == 0 ? nil : ending.signal
        processorTime = .microseconds(ending.processor_microseconds)
        peakMemoryBytes = Int(ending.peak_bytes)
    }

    /// From what `wait` says, with the time in microseconds and the memory in KiB.
    init(waitStatus: Int32, microseconds: UInt64, kibibytes: UInt64) {
        let signal = waitStatus & 0x7f
        self.code = signal == 0 ? Int(waitStatus >> 8 & 0xff) : nil
        self.signal = signal == 0 ? nil : signal
        processorTime = .microseconds(Int64(clamping: microseconds))
        peakMemoryBytes = Int(clamping: kibibytes) * 1_024
    }
}
