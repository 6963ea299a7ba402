import Glibc

/// Finds or chooses the directory that the cluster of a ``PostgresServer`` really lies in.
///
/// Usually it is the server's own directory. But when the caller is root, the server runs as another user, who may not be
/// able to get there: below `/root`, which is closed to others, nothing is within its reach. Then the cluster lies in
/// `/var/lib/agentctl/<hash of the directory>`, and a file `location` in the server's directory says so.
struct ServerLocation: Sendable {
    /// The directory that the server was made with; an absolute path.
    let directory: String
    /// Where clusters go that cannot be in their own directory.
    static let elsewhere = "/var/lib/agentctl"

    private var record: String { "\(directory)/location" }

    /// The layout as it is on disk, without changing anything.
    ///
    /// - Throws: ``PostgresServerError/Code/inaccessible``.
    func find() throws(PostgresServerError) -> ServerLayout {
        guard let (text, owner) = try SmallFile.read(record) else {
            return ServerLayout(root: AbsolutePath.resolvingLinks(directory))
        }
        // The directory may belong to the server's user, who must not be able to send root elsewhere.
        guard owner == geteuid() || owner == 0, text.hasPrefix("/"), text.hasSuffix("\n") else {
            throw PostgresServerError(.inaccessible, "\(record) was not written by agentctl; remove it")
        }
        return ServerLayout(root: String(text.dropLast()))
    }

    /// Makes the directories of the cluster, for the right user, and says where they are.
    ///
    /// Safe to do at the same time in several processes: they decide alike, and the record is made by one of them.
    ///
    /// - Throws: ``PostgresServerError/Code/inaccessible``, ``PostgresServerError/Code/noAccount`` and what
    ///   ``ServerCommand/run(timeLimit:)`` throws.
    func make() async throws(PostgresServerError) -> (ServerLayout, ServerAccount) {
        let parent = AbsolutePath.parent(of: directory)
        try Directory.createAll(parent)
        var layout = try find()
        var account = try ServerAccount.resolve(for: layout)
        if layout.root == AbsolutePath.resolvingLinks(directory), try !layout.isInitialized(),
            try await !canReach(parent, account)
        {
            try Directory.create(directory, permissions: 0o700)
            layout = try chooseElsewhere()
            account = try ServerAccount.resolve(for: layout)
        }
        if AbsolutePath.parent(of: layout.root) == Self.elsewhere {
            try Directory.create(Self.elsewhere, permissions: 0o755, ignoringMask: true)
        }
        try Directory.create(layout.root, permissions: 0o700, owner: account)
        return (ServerLayout(root: AbsolutePath.resolvingLinks(layout.root)), account)
    }

    /// Asks the kernel rather than the permission bits: there are access lists and security modules besides them.
    private func canReach(_ path: String, _ account: ServerAccount) async throws(PostgresServerError) -> Bool {
        guard account.isForeign else {
            return true
        }
        let command = ServerCommand(
            executable: "/bin/sh",
            arguments: ["-c", #"cd -- "$1" 2>&-"#, "sh", path],
            account: account,
            workingDirectory: "/",
            environment: [:]
        )
        return try await command.run(timeLimit: .seconds(30)).isSuccess
    }

    /// Records a new place, and leaves it to others who recorded one first.
    ///
    /// A place that is taken is passed over: its record was deleted, or its directory was moved away with its record.
    private func chooseElsewhere() throws(PostgresServerError) -> ServerLayout {
        let name = "\(Self.elsewhere)/\(StableHash.text(of: directory))"
        var place = name
        var number = 1
        while FileStatus(of: place) != nil {
            number += 1
            place = "\(name)-\(number)"
        }
        _ = try SmallFile.create(record, text: place + "\n")
        return try find()
    }
}
