import Agents

/// What `doctor` says of the migrations.
struct SchemaExamination {
    let migrations: [MigrationStatus]

    /// Whether the schema is there, as this release or a newer one made it.
    var isUsable: Bool { !migrations.contains { $0.state == .pending } }

    var check: Check {
        let pending = names(.pending)
        if !pending.isEmpty {
            let text =
                pending.count == migrations.count
                ? "the schema agentctl is not installed" : "\(pending.count) migrations are pending: \(list(pending))"
            return Check("schema", .failed, text, hint: "Run: agentctl init-db --seed")
        }
        let edited = names(.edited)
        if !edited.isEmpty {
            return Check(
                "schema",
                .failed,
                "applied migrations were edited: \(list(edited))",
                hint: "Restore the files as they were, and put the change into a new migration."
            )
        }
        let unknown = names(.unknown)
        if !unknown.isEmpty {
            return Check(
                "schema",
                .failed,
                "a newer release was here: \(list(unknown))",
                hint: "Use that release; this is \(Release.current)."
            )
        }
        return Check("schema", .ok, "\(migrations.count) migrations applied")
    }

    private func names(_ state: MigrationStatus.State) -> [String] {
        migrations.filter { $0.state == state }.map(\.name)
    }

    private func list(_ names: [String]) -> String {
        names.joined(separator: ", ")
    }
}
