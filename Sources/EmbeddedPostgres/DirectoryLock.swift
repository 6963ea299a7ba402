import Glibc

/// Lets one process at a time create, start or stop the cluster in a directory.
///
/// The lock is an advisory one on an open file: the kernel drops it when its process ends, however it ends.
enum DirectoryLock {
    /// Runs `body` while holding the lock on the file at `path`, which is made when it is missing.
    ///
    /// - Throws: ``PostgresServerError/Code/timedOut`` when others held the lock for all of `timeLimit`,
    ///   ``PostgresServerError/Code/inaccessible``, ``PostgresServerError/Code/cancelled``, and what `body` throws.
    static func hold<Result>(
        _ path: String,
        for account: ServerAccount,
        timeLimit: Duration,
        _ body: () async throws(PostgresServerError) -> Result
    ) async throws(PostgresServerError) -> Result {
        let descriptor = try open(path, for: account)
        defer { close(descriptor) }
        try await Wait(timeLimit, "other processes to finish with \(path)").until {
            flock(descriptor, LOCK_EX | LOCK_NB) == 0
        }
        return try await body()
    }

    private static func open(_ path: String, for account: ServerAccount) throws(PostgresServerError) -> Int32 {
        let flags = O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC
        let created = Glibc.open(path, flags | O_CREAT | O_EXCL, 0o600)
        if created >= 0 {
            // Made by root, the file must not keep out the owner of the cluster.
            if account.isForeign, fchown(created, account.userID, account.groupID) != 0 {
                close(created)
                throw .inaccessible("give \(path) to \(account.name)", errno: errno)
            }
            return created
        }
        guard errno == EEXIST else {
            throw .inaccessible("create \(path)", errno: errno)
        }
        let existing = Glibc.open(path, flags)
        guard existing >= 0 else {
            throw .inaccessible("open \(path)", errno: errno)
        }
        return existing
    }
}
