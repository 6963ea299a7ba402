import JSON

/// What `doctor` says of what the user may do.
struct PermissionExamination {
    let report: JSONObject

    private static let wanted = [
        ("may_submit", "send messages"), ("may_decide", "decide about calls"), ("may_register", "register"),
        ("may_work", "process messages"),
    ]

    var check: Check {
        let may = Self.wanted.filter { report[$0.0]?.boolValue == true }.map(\.1)
        let mayNot = Self.wanted.filter { report[$0.0]?.boolValue == false }.map(\.1)
        let rest = mayNot.isEmpty ? "" : "; not \(mayNot.joined(separator: ", "))"
        // Nobody needs all roles: a worker's user processes messages, and that is all.
        if !may.isEmpty { return Check("permissions", .ok, "this user may \(may.joined(separator: ", "))\(rest)") }
        if report["may_read"]?.boolValue == true { return Check("permissions", .ok, "this user may read\(rest)") }
        return Check(
            "permissions",
            .failed,
            "this user may not \(mayNot.joined(separator: ", "))",
            hint: "An administrator grants the role that it needs: GRANT agentctl_worker (_client, _owner) TO it."
        )
    }
}
