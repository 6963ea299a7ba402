import Glibc

/// The user that the server's programs run as, and that owns its files.
///
/// PostgreSQL refuses to run as root. When the caller is root the server runs, in this order, as the owner of an existing
/// cluster, as the user `postgres` (Debian's package makes it), or as `nobody`, which is a last resort: every other
/// program that runs as `nobody` can then read the data. Any other caller's server runs as the caller.
struct ServerAccount: Sendable, Hashable {
    let name: String
    let userID: uid_t
    let groupID: gid_t
    /// Whether programs have to change to this user when they are started, because the caller is root.
    let isForeign: Bool

    /// The account for the server whose files are in `root`.
    ///
    /// - Throws: ``PostgresServerError/Code/noAccount`` when the caller is root and there is no other user.
    static func resolve(for layout: ServerLayout) throws(PostgresServerError) -> ServerAccount {
        let caller = geteuid()
        guard caller == 0 else {
            let account = lookUp(userID: caller)
            return ServerAccount(
                name: account?.name ?? "\(caller)",
                userID: caller,
                groupID: getegid(),
                isForeign: false
            )
        }
        for owned in [layout.data, layout.root] {
            if let owner = FileStatus(of: owned)?.owner, owner != 0, let account = lookUp(userID: owner) {
                return account
            }
        }
        for name in ["postgres", "nobody"] {
            if let account = lookUp(name: name), account.userID != 0 {
                return account
            }
        }
        throw PostgresServerError(
            .noAccount,
            "PostgreSQL does not run as root and there is no user 'postgres' to run it as; make one with "
                + "`useradd --system postgres`, or run agentctl as another user"
        )
    }

    private static func lookUp(userID: uid_t) -> ServerAccount? {
        lookUp { getpwuid_r(userID, $0, $1, $2, $3) }
    }

    private static func lookUp(name: String) -> ServerAccount? {
        lookUp { getpwnam_r(name, $0, $1, $2, $3) }
    }

    private typealias Query = (
        UnsafeMutablePointer<passwd>, UnsafeMutablePointer<CChar>, Int,
        UnsafeMutablePointer<UnsafeMutablePointer<passwd>?>
    ) -> Int32

    private static func lookUp(_ query: Query) -> ServerAccount? {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 16_384) { buffer in
            var entry = passwd()
            var found: UnsafeMutablePointer<passwd>?
            guard let start = buffer.baseAddress, query(&entry, start, buffer.count, &found) == 0, found != nil else {
                return nil
            }
            return ServerAccount(
                name: String(cString: entry.pw_name),
                userID: entry.pw_uid,
                groupID: entry.pw_gid,
                isForeign: true
            )
        }
    }
}
