import FoundationEssentials
public import Glibc
import Synchronization

/// A new, empty directory that everybody can enter: a PostgreSQL server of root's runs as another user.
public struct TemporaryDirectory: Sendable, Hashable {
    /// An absolute path without symbolic links.
    public let path: String

    /// Makes the directory below `$TMPDIR`, or `/tmp`.
    ///
    /// - Parameter permissions: As in `0o700`; the process's umask does not count.
    /// - Throws: An ``TemporaryResourceError`` when it cannot be made.
    public init(permissions: mode_t = 0o755) throws {
        let parent = ProcessInfo.processInfo.environment["TMPDIR"].flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
        var template = Array("\(parent)/agentctl-test-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil, let resolved = realpath(template, nil) else {
            throw TemporaryResourceError("cannot make a directory in \(parent)")
        }
        defer { free(resolved) }
        path = String(cString: resolved)
        guard chmod(path, permissions) == 0 else {
            throw TemporaryResourceError("cannot change the permissions of \(path)")
        }
    }

    /// Removes the directory and all that is in it.
    public func remove() throws {
        try FileManager.default.removeItem(atPath: path)
    }

    private static let shared = Mutex<[TemporaryDirectory]>([])

    /// Has the directory removed when the process ends: for what several tests share.
    public func removeAtExit() {
        Self.shared.withLock { shared in
            if shared.isEmpty { atexit { TemporaryDirectory.removeShared() } }
            shared.append(self)
        }
    }

    private static func removeShared() {
        for directory in shared.withLock(\.self) { try? directory.remove() }
    }
}

/// Runs `body` with the path of a new, empty directory, and removes it afterwards, also when `body` throws.
///
/// - Parameter permissions: As in `0o700`; by default everybody can enter.
public func withTemporaryDirectory<Result>(
    permissions: mode_t = 0o755,
    _ body: (_ path: String) async throws -> Result
) async throws -> Result {
    let directory = try TemporaryDirectory(permissions: permissions)
    let result: Result
    do {
        result = try await body(directory.path)
    } catch {
        try? directory.remove()
        throw error
    }
    try directory.remove()
    return result
}

/// A directory, cluster or database for a test could not be made.
public struct TemporaryResourceError: Error, CustomStringConvertible {
    /// What failed, and what the program said that failed.
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
