import JSON

/// What `doctor` says of the installed schema.
struct InstallationExamination {
    let report: JSONObject
    /// What waits that no worker serves; nil when this user may not see it.
    let unserved: [JSONObject]?
    /// The servers of models at which calls have failed; nil when the user may not see them.
    let endpoints: [JSONObject]?
    /// The hooks whose deliveries fail; nil when the user may not see them.
    let hooks: [JSONObject]?

    var checks: [Check] {
        [roles, permissions, queries, partitions, workers, queues, failing, undelivered, decisions, agents]
    }

    /// The names of the checks but of what the user may do.
    static let names = [
        "roles", "sql functions", "partitions", "workers", "queues", "endpoints", "hooks", "decisions", "agents",
    ]

    private var roles: Check {
        let missing = report["missing_roles"]?.arrayValue?.compactMap(\.stringValue) ?? []
        guard !missing.isEmpty else {
            return Check("roles", .ok, "agentctl_owner, _worker, _client, _approver, _reader and _query exist")
        }
        let statements = missing.map { "CREATE ROLE \($0) NOLOGIN;" }.joined(separator: " ")
        return Check(
            "roles",
            .warning,
            "missing: \(missing.joined(separator: ", ")); only the installing user can use agentctl",
            hint: "An administrator runs: \(statements) Then run: SELECT agentctl.grant_roles();"
        )
    }

    private var permissions: Check { PermissionExamination(report: report).check }

    private var queries: Check {
        guard report["may_run_sql"]?.boolValue != true else {
            return Check("sql functions", .ok, "run as agentctl_query, which may read what it was granted")
        }
        return Check(
            "sql functions",
            .warning,
            "functions in SQL and the tool sql_query are refused: what runs them does not run as agentctl_query",
            hint: "An administrator runs, in this database: SELECT agentctl.grant_roles();"
        )
    }

    private var partitions: Check {
        let missing = report["without_partition"]?.arrayValue?.compactMap(\.stringValue) ?? []
        guard missing.isEmpty else {
            return Check(
                "partitions",
                .failed,
                "none for this month: \(missing.joined(separator: ", ")); nothing can be stored in them",
                hint: "Run: SELECT agentctl.create_partitions();"
            )
        }
        let months = report["months_ahead"]?.integerValue ?? 0
        let text = months == 1 ? "made 1 month ahead" : "made \(months) months ahead"
        guard months < 2 else { return Check("partitions", .ok, text) }
        return Check(
            "partitions",
            months == 0 ? .failed : .warning,
            text,
            hint: "Workers and agentctl send make them; or run: SELECT agentctl.create_partitions();"
        )
    }

    private var workers: Check {
        let count = report["workers"]?.arrayValue?.count ?? 0
        let ready = report["ready"]?.integerValue ?? 0
        let wait = report["oldest_ready_s"]?.numberValue ?? 0
        let text =
            "\(count) running; \(ready) conversations wait, the longest for \(FieldFormat.fixed(wait, digits: 0)) s"
        if let lost = report["lost_workers"]?.integerValue, lost > 0 {
            return Check(
                "workers",
                .warning,
                "\(text); \(lost) lost workers hold conversations",
                hint: "The next worker or agentctl send takes them over."
            )
        }
        // What no worker serves, one more of the same does not serve either: the queues are reported by themselves.
        let lacking = unserved ?? []
        let served = ready - lacking.reduce(0) { $0 + ($1["ready"]?.integerValue ?? 0) }
        let unservedWait = lacking.compactMap { $0["oldest_ready_s"]?.numberValue }.max() ?? 0
        let isLate = served > 0 && wait > 60 && unservedWait < wait - 1
        guard ready > 0, count == 0 || isLate else { return Check("workers", .ok, text) }
        return Check("workers", .warning, text, hint: "Start one more: agentctl work")
    }

    private var queues: Check {
        guard let unserved else { return Check("queues", .ok, "not examined: this user may not see what others do") }
        guard !unserved.isEmpty else { return Check("queues", .ok, "workers serve all that waits") }
        let lacks = unserved.prefix(10).map { row in
            let count = row["ready"]?.integerValue ?? 0
            let wait = FieldFormat.fixed(row["oldest_ready_s"]?.numberValue ?? 0, digits: 0)
            return "queue \(row["queue"]?.stringValue ?? ""): \(count) wait, the longest for \(wait) s "
                + "(\(row["conversation_id"]?.stringValue ?? "")): \(row["reason"]?.stringValue ?? "")"
        }
        return Check(
            "queues",
            .warning,
            "no worker serves what waits. " + lacks.joined(separator: ". "),
            hint: "Start a worker that has it: agentctl work --queue NAME; see: agentctl workers --unserved"
        )
    }

    private var failing: Check {
        guard let endpoints else { return Check("endpoints", .ok, "not examined: this user may not see them") }
        let open = endpoints.filter { $0["state"]?.stringValue != "closed" }
        guard !open.isEmpty else { return Check("endpoints", .ok, "the servers of all models are asked") }
        let words = open.prefix(10).map { row in
            let error = row["error_message"]?.stringValue ?? ""
            return "\(row["endpoint"]?.stringValue ?? "") (\(row["reason"]?.stringValue ?? "")): \(error)"
        }
        return Check(
            "endpoints",
            .warning,
            "not asked, since calls fail: " + words.joined(separator: "; "),
            hint: "One call finds out by itself whether it answers again. See: agentctl endpoints list"
        )
    }

    private var undelivered: Check {
        guard let hooks else { return Check("hooks", .ok, "not examined: this user may not see them") }
        guard !hooks.isEmpty else { return Check("hooks", .ok, "all receivers were reached") }
        let words = hooks.prefix(10).map { row in
            let count = row["failing"]?.integerValue ?? 0
            let error = row["error_message"]?.stringValue ?? ""
            return "\(row["hook"]?.stringValue ?? "") (\(count) not delivered): \(error)"
        }
        return Check(
            "hooks",
            .warning,
            words.joined(separator: "; "),
            hint: "See: agentctl hooks deliveries; one that was given up is sent again by: agentctl hooks redeliver ID"
        )
    }

    private var decisions: Check {
        let approvals = report["approvals"]?.integerValue ?? 0
        let calls = report["calls_in_doubt"]?.integerValue ?? 0
        let text = "\(approvals) approvals and \(calls) calls in doubt wait for an operator"
        guard calls == 0 else {
            let hint = "See: SELECT * FROM agentctl.calls_in_doubt; then: agentctl conversations resolve TURN OUTCOME"
            return Check("decisions", .warning, text, hint: hint)
        }
        return Check("decisions", .ok, text, hint: approvals == 0 ? nil : "See: agentctl approvals list")
    }

    private var agents: Check {
        let count = report["agents"]?.integerValue ?? 0
        let name = report["default_agent"]?.stringValue ?? ""
        guard report["has_default_agent"]?.boolValue != true else {
            return Check("agents", .ok, "\(count) registered; the default is \(name)")
        }
        return Check(
            "agents",
            .warning,
            "\(count) registered; the default agent \"\(name)\" is not one of them",
            hint:
                "Register it: agentctl register FILE; or name another: UPDATE agentctl.setting SET value = … WHERE name = 'default_agent'"
        )
    }
}
