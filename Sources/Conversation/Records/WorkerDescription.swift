import Definitions
internal import Glibc

/// Who a worker is, as its row tells.
package struct WorkerDescription: Sendable, Hashable {
    /// What kind of process it is.
    package enum Kind: String, Sendable, Hashable {
        /// `agentctl work`.
        case service
        /// A command that processes its own message.
        case inline
    }

    /// What kind of process it is.
    package var kind: Kind
    /// The host's name.
    package var host: String
    /// The process id on that host.
    package var processID: Int32
    /// The release of agentctl.
    package var release: String
    /// Conversations that it processes at once.
    package var slots: Int

    /// Describes the running process.
    ///
    /// - Parameters:
    ///   - kind: What kind of process it is.
    ///   - slots: Conversations that it processes at once.
    package init(kind: Kind, slots: Int) {
        self.kind = kind
        self.host = Self.hostName
        self.processID = getpid()
        self.release = Release.current
        self.slots = slots
    }

    private static var hostName: String {
        var buffer = [CChar](repeating: 0, count: 256)
        guard gethostname(&buffer, buffer.count - 1) == 0 else { return "unknown" }
        return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
