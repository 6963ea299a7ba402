import Glibc

extension PostgresServer {
    /// Creates the cluster and its database under another name, and renames it when it is complete: a cluster that is
    /// there is a whole one, whatever was killed when.
    func initialize(with programs: ServerPrograms) async throws(PostgresServerError) {
        let layout = programs.layout
        let draft = "data.\(UInt32.random(in: .min ... .max))"
        let user = Address(socketDirectory: "").user
        let database = Address(socketDirectory: "").database
        try await programs.script("rm -rf -- data.*", timeLimit: timeLimits.initialization)

        var arguments = [
            "--pgdata=\(draft)", "--username=\(user)", "--encoding=UTF8", "--locale=\(ServerPrograms.locale)",
            "--auth-local=trust", "--auth-host=reject", "--data-checksums", "--no-instructions",
        ]
        if settings["fsync"] == "off" {
            arguments.append("--no-sync")
        }
        try await check(programs.run("initdb", arguments, timeLimit: timeLimits.initialization))
        try await programs.script(
            """
            printf '\\n%s\\n' "# agentctl's settings, written at each start; what is below goes before them" \
                "include_if_exists = 'agentctl.conf'" >> \(draft)/postgresql.conf
            """,
            timeLimit: timeLimits.initialization
        )
        // Without a server: nobody else is ever connected to a cluster that lacks its database.
        try await check(
            programs.run(
                "postgres",
                [
                    "--single", "-D", draft, "-c", "exit_on_error=on", "-c", "fsync=\(settings["fsync"] ?? "on")",
                    "template1",
                ],
                input: "CREATE DATABASE \(database)\n",
                timeLimit: timeLimits.initialization
            )
        )
        try complete("\(layout.root)/\(draft)", as: layout)
    }

    private func check(_ output: ServerCommand.Output) throws(PostgresServerError) {
        guard output.isSuccess else {
            throw PostgresServerError(
                .initializationFailed,
                "the PostgreSQL cluster in \(directory) could not be created",
                logTail: String(decoding: output.text.utf8.suffix(4_096), as: UTF8.self)
            )
        }
    }

    /// The name is on disk before anything can be committed under it.
    private func complete(_ draft: String, as layout: ServerLayout) throws(PostgresServerError) {
        guard rename(draft, layout.data) == 0 else {
            throw .inaccessible("rename \(draft) to \(layout.data)", errno: errno)
        }
        let root = open(layout.root, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        defer { close(root) }
        guard root >= 0, fsync(root) == 0 else {
            throw .inaccessible("sync \(layout.root)", errno: errno)
        }
    }
}
