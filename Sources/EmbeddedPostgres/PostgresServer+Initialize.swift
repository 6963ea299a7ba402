import Glibc

extension PostgresServer {
    /// Creates the cluster and its database under another name, and renames it when it is complete: a cluster that is
    /// there is a whole one, whatever was killed when.
    func initialize(with programs: ServerPrograms) async throws(PostgresServerError) {
        let draft = "initializing.\(UInt32.random(in: .min ... .max))"
        let isDurable = settings["fsync"] != "off"
        let limit = timeLimits.initialization
        try await programs.script("rm -rf -- initializing.*", timeLimit: limit)
        let output = try await programs.run(
            "initdb",
            [
                "--pgdata=\(draft)", "--username=\(Address.superuser)", "--encoding=UTF8",
                "--locale=\(ServerPrograms.locale)", "--auth-local=trust", "--auth-host=reject", "--data-checksums",
                "--no-instructions",
            ] + (isDurable ? [] : ["--no-sync"]),
            timeLimit: limit
        )
        guard output.isSuccess else {
            throw PostgresServerError(
                .initializationFailed,
                "the PostgreSQL cluster in \(programs.layout.root) could not be created",
                logTail: String(decoding: output.text.utf8.suffix(4_096), as: UTF8.self)
            )
        }
        // The login and its database are made without a server: no cluster is ever seen that lacks them.
        try await programs.script(
            """
            printf '\\n%s\\n' "# agentctl's settings, written at each start; what is below goes before them" \\
                "include_if_exists = 'agentctl.conf'" >> "$1/postgresql.conf"
            printf '%s\\n' "CREATE ROLE $4 LOGIN" "CREATE DATABASE $2 OWNER $4" |
                postgres --single -D "$1" -c exit_on_error=on -c fsync="$3" template1 >&2
            """,
            [draft, Address.database, isDurable ? "on" : "off", Address.user],
            timeLimit: limit
        )
        try complete("\(programs.layout.root)/\(draft)", as: programs.layout)
    }

    /// Gives the cluster its name, on disk before anything can be committed under it.
    private func complete(_ draft: String, as layout: ServerLayout) throws(PostgresServerError) {
        guard rename(draft, layout.data) == 0 else {
            throw .inaccessible("rename \(draft) to \(layout.data)", errno: errno)
        }
        let root = open(layout.root, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard root >= 0 else {
            throw .inaccessible("open \(layout.root)", errno: errno)
        }
        defer { close(root) }
        guard fsync(root) == 0 else {
            throw .inaccessible("sync \(layout.root)", errno: errno)
        }
    }
}
