import Definitions
internal import Postgres

extension Definition {
    /// Reads a row with the columns `kind`, `version`, `version_id`, `document` and a name.
    ///
    /// - Parameter name: The column of the name.
    init(row: PostgresRow, name: String = "name") throws(PostgresError) {
        self.init(
            kind: try row.decode("kind"),
            name: try row.decode(name),
            version: try row.decode("version"),
            versionID: try row.decode("version_id"),
            document: try row.decode("document")
        )
    }
}
