import CSandbox

/// What a call has written to its workspace, read as often as it could have reached the limit.
///
/// The kernel counts bytes by process and files by file system. So the bytes are the call's own; files are counted by what
/// the file system has more of them, whoever made them, and so is room on a disk that is nearly full.
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
    /// What was read so far; processes that ended unnoticed take what they wrote along.
    private var written: Int64 = 0

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
    /// - Returns: The time to the next look; nil when it is more than it may be.
    mutating func look(written bytes: Int64) -> Duration? {
        written = max(written, bytes)
        guard written <= limits.writtenBytes, hasRoom() else { return nil }
        let left = Duration.microseconds((limits.writtenBytes - Int(written)) / Self.growth)
        return min(max(left, Self.shortest), Self.longest)
    }

    /// The time to the first look.
    var delay: Duration {
        min(max(.microseconds(limits.writtenBytes / Self.growth), Self.shortest), Self.longest)
    }

    private func hasRoom() -> Bool {
        guard let before, let now = Self.room(of: workspace) else { return true }
        if before.total_files > 0, before.free_files > now.free_files,
            before.free_files - now.free_files > UInt64(max(0, limits.files))
        {
            return false
        }
        let isScarce = now.free_bytes < now.total_bytes / Self.reserve
        return !isScarce || now.free_bytes + Self.tolerance > before.free_bytes
    }
}
