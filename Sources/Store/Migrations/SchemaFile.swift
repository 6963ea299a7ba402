/// One SQL file of the schema.
///
/// Lines at its top such as `-- replaces: claim(bigint, integer)` are directives to the ``Migrator``:
///
/// - `-- online: INDEX`: builds that index outside a transaction; the file holds one statement, `CREATE INDEX CONCURRENTLY`.
/// - `-- replaces: NAME(TYPES); …`: functions to drop first, because the new ones return or take something else.
/// - `-- after: VIEW, …`: views that this view reads.
/// - `-- first: REASON`: a function that numbered files need.
/// - `-- reaches: NUMBER`: the last numbered file that an upgrade stands for.
package struct SchemaFile: Sendable, Hashable {
    /// The folder that a file is in.
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        /// Numbered, applied once and never edited after a release: types, tables, indexes.
        case tables
        /// Rows that belong to the release, one table or a few a file; applied again when the file differs.
        case rows
        /// Functions, one name a file; applied again when the file differs.
        case routines
        /// Views, one a file; applied again when the file differs.
        case views
        /// What brings a database of an earlier layout to this one; applied once.
        case upgrades
    }

    /// The folder that it is in.
    package let kind: Kind
    /// Its path below `migrations`: `routines/claim.sql`.
    package let name: String
    /// The SQL text.
    package let text: String

    private let directives: [String: String]

    /// A file.
    ///
    /// - Parameters:
    ///   - name: The path below `migrations`.
    ///   - text: The SQL text.
    /// - Returns: nil when the path is in none of the folders, or when a file of `tables` begins with no number.
    package init?(name: String, text: String) {
        guard let slash = name.firstIndex(of: "/"), let kind = Kind(rawValue: String(name[..<slash])) else {
            return nil
        }
        self.kind = kind
        self.name = name
        self.text = text
        directives = Self.directives(in: text)
        if kind == .tables, number == nil { return nil }
    }

    /// The file's name without folder and ending: `claim`, or `agentctl_sql.run` for another schema than `agentctl`.
    var stem: String {
        let file = name[(name.firstIndex(of: "/").map(name.index(after:)) ?? name.startIndex)...]
        return String(file.hasSuffix(".sql") ? file.dropLast(4) : file)
    }

    /// The number that the name of a file of `tables` begins with.
    package var number: Int? {
        kind == .tables ? Int(stem.prefix { $0.isASCII && $0.isNumber }) : nil
    }

    /// The index that the file builds outside a transaction.
    var onlineIndex: String? { directives["online"] }

    /// The signatures that the file's functions take the place of: `claim(bigint, integer)`.
    package var replaced: [String] { list("replaces", separator: ";") }

    /// The names of the views that this one reads.
    var predecessors: [String] { list("after", separator: ",") }

    /// Whether the numbered files need the function: it is made before them, with a body that nobody has read yet.
    package var isFirst: Bool { directives["first"] != nil }

    /// The number of the last file of `tables` that an upgrade stands for.
    var reaches: Int { directives["reaches"].flatMap { Int($0) } ?? 0 }

    private func list(_ directive: String, separator: Character) -> [String] {
        (directives[directive] ?? "").split(separator: separator).map(Self.trimmed).filter { !$0.isEmpty }
    }

    private static func directives(in text: String) -> [String: String] {
        var result: [String: String] = [:]
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            guard line.hasPrefix("-- "), let colon = line.firstIndex(of: ":") else { break }
            let word = line[line.index(line.startIndex, offsetBy: 3)..<colon]
            guard ["online", "replaces", "after", "first", "reaches"].contains(word) else { break }
            result[String(word)] = trimmed(line[line.index(after: colon)...])
        }
        return result
    }

    private static func trimmed(_ text: Substring) -> String {
        var result = text
        while result.first == " " { result.removeFirst() }
        while result.last == " " { result.removeLast() }
        return String(result)
    }
}
