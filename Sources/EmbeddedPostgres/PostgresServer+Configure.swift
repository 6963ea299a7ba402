extension PostgresServer {
    /// Makes the directories that a start needs, writes the configuration and tidies the logs.
    ///
    /// What lies in the server's directories is written by the server's user: root would follow links that this user has put
    /// there.
    func configure(_ settings: ServerSettings, with programs: ServerPrograms) async throws(PostgresServerError) {
        try await programs.script(
            """
            mkdir -p log
            printf '%s' "$1" > data/agentctl.conf.new
            mv -f data/agentctl.conf.new data/agentctl.conf
            if [ -e log/start.log ]; then mv -f log/start.log log/start.log.previous; fi
            cd log
            ls | grep '^postgres-' | sort -r | tail -n +11 | xargs -r rm -f --
            """,
            [settings.text],
            timeLimit: timeLimits.start
        )
    }
}
