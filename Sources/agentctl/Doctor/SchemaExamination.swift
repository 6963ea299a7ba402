import Definitions
import Engine
import Store

/// What `doctor` says of the migrations.
struct SchemaExamination {
    let migrations: [MigrationStatus]

    /// Whether the schema is there, as this release or a newer one made it.
    var isUsable: Bool { !migrations.contains(where: \.isOutstanding) }

    var check: Check {
        let outstanding = migrations.filter(\.isOutstanding).map(\.name)
        if !outstanding.isEmpty {
            let isNew = names(.pending).count == migrations.count
            let text =
                isNew
                ? "the schema agentctl is not installed"
                : "\(outstanding.count) files of the schema are to be applied: \(list(outstanding))"
            return Check(
                "schema",
                .failed,
                text,
                hint: isNew ? "Run: agentctl init-db --seed" : "Run: agentctl init-db"
            )
        }
        let edited = names(.edited)
        if !edited.isEmpty {
            return Check(
                "schema",
                .failed,
                "applied files of the schema were edited: \(list(edited))",
                hint: "Restore the files as they were, and put the change into a new one."
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
        return Check("schema", .ok, "\(migrations.count) files applied")
    }

    private func names(_ state: MigrationStatus.State) -> [String] {
        migrations.filter { $0.state == state }.map(\.name)
    }

    private func list(_ names: [String]) -> String {
        names.count > 8
            ? names.prefix(8).joined(separator: ", ") + " and \(names.count - 8) more" : names.joined(separator: ", ")
    }
}
