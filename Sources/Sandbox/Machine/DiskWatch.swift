import CSandbox

/// What a call has written to its workspace, read as often as it could have reached the limit.
///
/// The kernel counts bytes by process, and files and free room by file system. So the bytes are the call's own; new files
/// of other programs on the same file system count, too.
struct DiskWatch {
    /// Bytes that may be written in a microsecond, as far as the time between two looks goes.
    private static let growth = 2 << 10
    private static let shortest = Duration.milliseconds(10)
    private static let longest = Duration.milliseconds(100)
    /// A call ends that takes room where less than this part of the disk is free.
    private static let reserve: UInt64 = 20
    /// Room of which a full disk is not this call's fault.
    private static let tolerance: UInt64 = 64 << 20

    private let limits: SandboxLimits
    private let workspace: String
    private let before: csandbox_room?
    /// What was written so far.
    private var written: Int64 = 0
    /// The last count: it falls when a process ends whose parent does not wait for it.
    private var last: Int64 = 0

    /// A watch of a call that is about to begin.
    init(limits: SandboxLimits, workspace: String) {
        self.limits = limits
        self.workspace = workspace
        before = Self.room(of: workspace)
    }

    private static func room(of path: String) -> csandbox_room? {
        var room = csandbox_room()
        return csandbox_look_at_room(path, &room) == 0 ? room : nil
    }

    /// Takes what was written.
    ///
    /// - Parameter bytes: By all processes; negative when it is not known.
    /// - Returns: The time to the next look; nil above a limit.
    mutating func look(written bytes: Int64) -> Duration? {
        if bytes >= 0 {
            written += max(0, bytes - last)
            last = bytes
        }
        guard written <= limits.writtenBytes, hasRoom(isHidden: bytes < 0) else { return nil }
        let left = Duration.microseconds((limits.writtenBytes - Int(written)) / Self.growth)
        return min(max(left, Self.shortest), Self.longest)
    }

    /// The time to the first look.
    var delay: Duration {
        min(max(.microseconds(limits.writtenBytes / Self.growth), Self.shortest), Self.longest)
    }

    /// - Parameter isHidden: Whether a process does not let its count be read: then what the disk lost counts.
    private func hasRoom(isHidden: Bool) -> Bool {
        guard let before, let now = Self.room(of: workspace) else { return true }
        if isHidden, before.free_bytes > now.free_bytes + UInt64(max(0, limits.writtenBytes)) { return false }
        if before.total_files > 0, before.free_files > now.free_files,
            before.free_files - now.free_files > UInt64(max(0, limits.files))
        {
            return false
        }
        let isScarce = now.free_bytes < now.total_bytes / Self.reserve
        return !isScarce || now.free_bytes + Self.tolerance > before.free_bytes
    }
}
