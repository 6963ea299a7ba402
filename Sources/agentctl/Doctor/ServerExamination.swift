import JSON

/// What `doctor` says of the server.
struct ServerExamination {
    let report: JSONObject
    /// The connections that a process of agentctl may open.
    let needed: Int
    /// Whether it is the private server.
    let isPrivate: Bool
    /// What keeps the server from storing anything; nil if nothing does.
    let storageProblem: String?

    /// PostgreSQL 15, whose features the schema is written for.
    private static let oldestVersion: Int64 = 150_000

    var checks: [Check] { [version, pool, transactions, statements] + isolation + storage + encoding }

    private var storage: [Check] {
        guard let storageProblem else { return [] }
        return [
            Check(
                "disk",
                .failed,
                "the server cannot store more: \(storageProblem)",
                hint: """
                    Make room where the server keeps its data (SHOW data_directory), or its pg_wal and temporary files. \
                    What is stored stays, and nothing needs a restart.
                    """
            )
        ]
    }

    private var version: Check {
        let user = report["is_superuser"]?.boolValue == true ? "superuser" : "user"
        let text = "PostgreSQL \(word("server_version")), database \(word("database")), \(user) \(word("user"))"
        if number("server_version_num") < Self.oldestVersion {
            return Check("server", .failed, text, hint: "agentctl needs PostgreSQL 15 or newer.")
        }
        if report["is_standby"]?.boolValue == true {
            return Check(
                "server",
                .failed,
                "\(text), which only takes reads",
                hint: "Name the primary server in --database-url."
            )
        }
        if report["is_read_only"]?.boolValue == true {
            return Check(
                "server",
                .failed,
                "\(text), which only takes reads: default_transaction_read_only is on",
                hint: "An administrator runs: ALTER ROLE \(word("user")) SET default_transaction_read_only = off;"
            )
        }
        return Check("server", .ok, text)
    }

    private var isolation: [Check] {
        let level = word("isolation")
        guard level != "read committed" else { return [] }
        return [
            Check(
                "isolation",
                .warning,
                "default_transaction_isolation is \(level): statements at the same time fail, and have to be repeated",
                hint: "An administrator runs: "
                    + "ALTER ROLE \(word("user")) SET default_transaction_isolation = 'read committed';"
            )
        ]
    }

    private var encoding: [Check] {
        let name = word("encoding")
        guard name != "UTF8" else { return [] }
        return [
            Check(
                "encoding",
                .failed,
                "the database has the encoding \(name); texts in other letters are refused or garbled",
                hint: """
                    agentctl needs UTF8. Dump the database, and restore it into a new one: \
                    CREATE DATABASE agents ENCODING 'UTF8' LOCALE 'C.UTF-8' TEMPLATE template0
                    """
            )
        ]
    }

    private var pool: Check {
        let available = number("connections_available")
        let text = "\(number("connections")) connections in use, \(available) free; a process opens up to \(needed)"
        guard available < needed else { return Check("pool", .ok, text) }
        return Check(
            "pool",
            available < 1 ? .failed : .warning,
            text,
            hint: "Raise max_connections, or put a pooler (PgBouncer) before the server."
        )
    }

    private var transactions: Check {
        let age = report["oldest_transaction_s"]?.numberValue ?? 0
        let seesOthers = report["sees_others"]?.boolValue == true
        let whose = seesOthers ? "" : " of this user"
        let text = "the oldest open transaction\(whose) is \(FieldFormat.fixed(age, digits: 0)) s old"
        guard age >= 60 else {
            guard !seesOthers else { return Check("transactions", .ok, text) }
            return Check(
                "transactions",
                .warning,
                text + "; those of others are not seen",
                hint: "An administrator runs: GRANT pg_read_all_stats TO \(word("user"));"
            )
        }
        return Check(
            "transactions",
            .warning,
            text,
            hint:
                "Long transactions slow the claiming of work down; find it: SELECT * FROM pg_stat_activity ORDER BY xact_start"
        )
    }

    private var statements: Check {
        let stuck = report["stuck"]?.arrayValue?.compactMap(\.integerValue) ?? []
        guard !stuck.isEmpty else {
            return Check("statements", .ok, "none of a model or a function works on after its time")
        }
        let list = stuck.prefix(10).map(String.init).joined(separator: ", ")
        let what = stuck.count == 1 ? "1 process works" : "\(stuck.count) processes work"
        return Check(
            "statements",
            .warning,
            "\(what) on for a model or a function although the time is over: \(list)",
            hint: isPrivate
                ? "A running worker kills it within a minute. Without one: agentctl db stop; the next command starts the server."
                : "Run: SELECT pg_terminate_backend(PROCESS); where that ends nothing, an administrator runs kill -9 PROCESS on "
                    + "the server's machine: all sessions end, and the server recovers. Nothing of the statement is stored."
        )
    }

    private func word(_ field: String) -> String {
        report[field]?.stringValue ?? "?"
    }

    private func number(_ field: String) -> Int64 {
        report[field]?.integerValue ?? 0
    }
}
