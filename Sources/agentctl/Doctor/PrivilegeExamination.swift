import JSON

/// What `doctor` says of who can do more than the roles should.
struct PrivilegeExamination {
    let report: JSONObject

    var checks: [Check] { [owner, privileges, members].compactMap { $0 } }

    private var owner: Check {
        let name = report["schema_owner"]?.stringValue ?? ""
        guard report["owner_is_superuser"]?.boolValue == true else {
            return Check("owner", .ok, "the schema belongs to \(name), which is no superuser")
        }
        return Check(
            "owner",
            .warning,
            "the schema belongs to \(name), a superuser, and its functions run with all rights",
            hint: "A superuser runs: SELECT agentctl.grant_roles(); It gives the schema to agentctl_schema."
        )
    }

    private var privileges: Check {
        let open = texts("open_to_public")
        let stray = texts("stray_privileges")
        guard !open.isEmpty || !stray.isEmpty else {
            return Check("privileges", .ok, "PUBLIC has none in the schema, and no role those of its owner")
        }
        guard open.isEmpty else {
            return Check(
                "privileges",
                .failed,
                "every user of the database may use \(shown(open))",
                hint: "The schema's owner or a superuser runs: SELECT agentctl.grant_roles();"
            )
        }
        return Check(
            "privileges",
            .failed,
            "these lead to the rights of the schema's owner: \(shown(stray))",
            hint: "Revoke them; SELECT agentctl.grant_roles(); does it for the roles of agentctl."
        )
    }

    /// Nil when nobody is in the role.
    private var members: Check? {
        let members = texts("query_members")
        guard !members.isEmpty else { return nil }
        return Check(
            "agentctl_query",
            .warning,
            "\(shown(members)) can alter the functions that run the SQL of models, and act as they do",
            hint: "REVOKE agentctl_query FROM each of them: the role is for nobody."
        )
    }

    private func texts(_ field: String) -> [String] { report[field]?.arrayValue?.compactMap(\.stringValue) ?? [] }

    private func shown(_ texts: [String]) -> String {
        let rest = texts.count > 3 ? " and \(texts.count == 20 ? "more" : "\(texts.count - 3) more")" : ""
        return texts.prefix(3).joined(separator: ", ") + rest
    }
}
