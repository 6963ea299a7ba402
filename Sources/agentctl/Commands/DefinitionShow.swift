import ArgumentParser
import Engine
import JSON
import Store

/// The command `show` of a group.
struct DefinitionShow<Group: DefinitionGroup>: Command {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "show",
            abstract: "Show one of the \(Group.plural) as a document that can be registered again.",
            discussion: """
                With --json, the document is the member "document", beside its version and versions.

                EXAMPLE
                  agentctl \(Group.plural) show \(Group.example) > \(Group.example).yaml
                  agentctl \(Group.plural) show \(Group.example) --version 1 --json | jq .document
                """
        )
    }

    @Argument(help: "The name.")
    var name: String

    @Option(help: ArgumentHelp("The version; else the one in force.", valueName: "number"))
    var version: Int?

    @OptionGroup var options: GlobalOptions

    func run(on console: Console) async throws -> ExitStatus {
        try await withStore(\.reports, on: console) { reports in
            let report = try await reports.definitionReport(kind: Group.kind, name: name, version: version)
            guard let definition = report.definition else {
                throw CommandFailure(missing: name, version: version, of: Group.self, nearest: report.nearest)
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
