import Agents
import JSON

extension Command {
    /// Shows an agent, a model or a tool.
    func showDefinition(kind: String, name: String, version: Int?, on console: Console) async throws -> ExitStatus {
        try await withStore(on: console) { store in
            let report = try await store.definitionReport(kind: kind, name: name, version: version)
            guard let definition = report.definition else {
                let what =
                    version.map { "\(kind) \"\(name)\" has no version \($0)" } ?? "there is no \(kind) \"\(name)\""
                let nearest = report.nearest.flatMap { $0 == name ? nil : "Did you mean \($0)?" }
                throw CommandFailure(
                    .notFound,
                    code: "not_found",
                    what,
                    hint: nearest ?? "See: agentctl \(kind)s \(version == nil ? "list" : "show \(name)")"
                )
            }
            if console.isJSON {
                console.print(.object(definition))
            } else {
                console.print(Self.text(of: definition))
            }
            return .done
        }
    }

    /// The document in YAML, below comments that say which version it is.
    private static func text(of definition: JSONObject) -> String {
        let current = definition["current_version"]
        let version = definition["version"] ?? .null
        let versions = definition["versions"]?.arrayValue?.compactMap { $0["version"]?.text } ?? []
        let title = ["kind", "name"].map { definition[$0]?.stringValue ?? "" }.joined(separator: " ")
        let registered = FieldFormat.time.text(definition["created_at"] ?? .null)
        let by = definition["created_by"]?.stringValue ?? ""
        return """
            # \(title) v\(version.text)\(version == current ? ", in force" : ", not in force")
            # registered \(registered) by \(Printable.line(by)); versions: \(versions.joined(separator: ", "))
            \(YAMLText.text(of: definition["document"] ?? .null))
            """
    }
}
