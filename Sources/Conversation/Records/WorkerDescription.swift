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
    /// Names of the queues that it works off; nil for all.
    package var queues: [String]?
    /// What it has of what agents may need; nil for everything.
    package var offers: [String]?

    /// Describes the running process.
    ///
    /// - Parameters:
    ///   - kind: What kind of process it is.
    ///   - slots: Conversations that it processes at once.
    ///   - queues: Names of the queues that it works off; nil for all.
    ///   - offers: What it has of what agents may need; nil for everything.
    package init(kind: Kind, slots: Int, queues: [String]? = nil, offers: [String]? = nil) {
        self.kind = kind
        self.host = Self.hostName
        self.processID = getpid()
        self.release = Release.current
        self.slots = slots
        self.queues = queues
        self.offers = offers
    }

    /// The name of this host.
    package static var hostName: String {
        var buffer = [CChar](repeating: 0, count: 256)
        guard gethostname(&buffer, buffer.count - 1) == 0 else { return "unknown" }
        return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
