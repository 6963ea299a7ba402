import Glibc

extension PostgresServer {
    /// Starts the server unless it is running, after creating the cluster and its database if there is none.
    ///
    /// Cancelling the calling task ends the waiting; a server that was already coming up then comes up all the same.
    ///
    /// - Returns: Where it takes connections.
    /// - Throws: ``PostgresServerError``; when the server fails to come up, with the end of its log.
    public func start() async throws(PostgresServerError) -> Address {
        if case .running(_, let address) = try await status() {
            return address
        }
        let (layout, account) = try await location.make()
        return try await DirectoryLock.hold(layout.lock, for: account, timeLimit: timeLimits.lock) {
            () async throws(PostgresServerError) in
            if let address = try await runningAddress(in: layout) {
                return address
            }
            let programs = try ServerPrograms(directory: programs(for: layout), layout: layout, account: account)
            let socketDirectory = try SocketDirectory.make(for: layout, account: account)
            let settings = try ServerSettings(changes: settings, socketDirectory: socketDirectory, layout: layout)
            try await endRemains(in: layout)
            try SocketDirectory.clear(socketDirectory)
            if try !layout.isInitialized() {
                try await initialize(with: programs)
            }
            try await configure(settings, with: programs)
            return try await launch(with: programs)
        }
    }

    /// Waits while a server without our doing is coming up or going down, as one does that was left in a cancelled start.
    private func runningAddress(in layout: ServerLayout) async throws(PostgresServerError) -> Address? {
        var address: Address?
        try await Wait(timeLimits.start, "the server in \(layout.root) to come up").until {
            () throws(PostgresServerError) in
            switch try status(of: layout) {
            case .running(_, let found):
                address = found
                return true
            case .starting, .stopping:
                return false
            case .stopped, .uninitialized:
                return true
            }
        }
        return address
    }

    /// Clears what a killed server left: its other processes, which keep a new one from starting, and its file, when
    /// the process number in it is now another program's.
    private func endRemains(in layout: ServerLayout) async throws(PostgresServerError) {
        for process in try ServerProcess.all(of: layout) {
            _ = process.send(SIGQUIT)
        }
        try await Wait(timeLimits.stop, "what is left of a killed server in \(layout.root) to end").until {
            () throws(PostgresServerError) in
            try ServerProcess.all(of: layout).isEmpty
        }
        // PostgreSQL sees to a stale file itself, unless some process has the number that is in it.
        guard let text = try SmallFile.read(layout.postmasterFile)?.text, let file = PostmasterFile(text: text),
            kill(file.processID, 0) == 0
        else {
            return
        }
        guard unlink(layout.postmasterFile) == 0 || errno == ENOENT else {
            throw .inaccessible("remove \(layout.postmasterFile)", errno: errno)
        }
    }

    private func launch(with programs: ServerPrograms) async throws(PostgresServerError) -> Address {
        let layout = programs.layout
        let log = ServerLog(of: layout)
        let seconds = max(1, timeLimits.start.components.seconds)
        // pg_ctl puts a path that it is given with --pgdata or --log into a shell command, within double quotes. So the
        // data directory is in the environment and the log's path is relative.
        let output = try await programs.run(
            "pg_ctl",
            ["start", "--wait", "--silent", "--timeout=\(seconds)", "--log=log/start.log"],
            timeLimit: timeLimits.start + .seconds(10)
        )
        // Not what pg_ctl says, but what is: a server that a cancelled start left may have been first.
        switch try status(of: layout) {
        case .running(_, let address):
            return address
        case .starting, .stopping:
            throw PostgresServerError(
                .timedOut,
                "the PostgreSQL server in \(layout.root) is still starting after \(seconds) s; it continues to start, try again later",
                logTail: log.tail()
            )
        case .stopped, .uninitialized:
            // The log collector is a process of its own, and may still be writing why.
            try? await Wait(.seconds(5), "the log").until {
                () throws(PostgresServerError) in
                try ServerProcess.all(of: layout).isEmpty
            }
            throw PostgresServerError(
                .startFailed,
                "the PostgreSQL server in \(layout.root) did not start",
                logTail: log.tail() + output.text
            )
        }
    }
}
