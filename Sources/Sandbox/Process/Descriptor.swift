import CSandbox
import Glibc

/// A file descriptor that is closed when nobody has it any longer.
final class Descriptor {
    let number: Int32

    init(_ number: Int32) {
        self.number = number
    }

    deinit {
        close(number)
    }

    /// An anonymous file with the bytes, to be read from its start.
    static func memoryFile(_ name: String, _ bytes: [UInt8]) throws(SandboxError) -> Descriptor {
        let file = bytes.withUnsafeBytes { csandbox_memory_file(name, $0.baseAddress, $0.count) }
        try check(file, "a file in memory")
        return Descriptor(file)
    }

    /// A filter of system calls, in the kernel's form.
    static func filter(_ kind: csandbox_filter_kind, notifies: Bool) throws(SandboxError) -> Descriptor {
        let file = csandbox_filter(kind, notifies)
        try check(file, "a filter of system calls")
        return Descriptor(file)
    }

    /// Two connected sockets that keep the borders of messages; the first does not block.
    static func messageSockets() throws(SandboxError) -> (own: Descriptor, theirs: Descriptor) {
        var pair: [Int32] = [-1, -1]
        try check(csandbox_message_sockets(&pair), "a pair of sockets")
        return (Descriptor(pair[0]), Descriptor(pair[1]))
    }

    /// A pipe; the end to read does not block.
    static func pipe() throws(SandboxError) -> (reading: Descriptor, writing: Descriptor) {
        var ends: [Int32] = [-1, -1]
        try check(csandbox_pipe(&ends), "a pipe")
        return (Descriptor(ends[0]), Descriptor(ends[1]))
    }

    private static func check(_ result: Int32, _ what: String) throws(SandboxError) {
        if result < 0 { throw SandboxError(.broken, "\(what) cannot be made: \(systemMessage(-result))") }
    }
}
