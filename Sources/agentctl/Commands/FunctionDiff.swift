import ArgumentParser
import Engine
import JSON
import Store

/// The command `agentctl functions diff`.
struct FunctionDiff: Command {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Compare two versions of a function.",
        discussion: """
            Without versions, the one in force is compared with the one before; with one, with the one in force.

            EXAMPLE
              agentctl functions diff add
              agentctl functions diff add 1 3
            """
    )

    @Argument(help: "The name.")
    var name: String

    @Argument(help: ArgumentHelp("The versions, the older first.", valueName: "version"))
    var versions: [Int] = []

    @OptionGroup var options: GlobalOptions

    func validate() throws {
        guard versions.count <= 2 else { throw ValidationError("Give at most two versions.") }
    }

    func run(on console: Console) async throws -> ExitStatus {
        try await withStore(\.reports, on: console) { reports in
            let newer = try await document(versions.count == 2 ? versions[1] : nil, from: reports)
            let older = try await document(try versions.first ?? previous(of: newer), from: reports)
            let difference = Difference(older, newer)
            if console.isJSON {
                console.print(difference.json)
            } else if difference.isEmpty {
                console.note("versions \(older.version) and \(newer.version) are the same")
            } else {
                console.print(console.output.shown(difference.text))
            }
            return .done
        }
    }

    private func previous(of newer: (version: Int, versions: [Int], document: JSONObject)) throws -> Int {
        guard let previous = newer.versions.last(where: { $0 < newer.version }) else {
            throw CommandFailure(.notFound, code: "not_found", "function \"\(name)\" has no earlier version")
        }
        return previous
    }

    private func document(
        _ version: Int?,
        from reports: Reports
    ) async throws -> (version: Int, versions: [Int], document: JSONObject) {
        let report = try await reports.definitionReport(kind: "function", name: name, version: version)
        guard let definition = report.definition else {
            let what = version.map { "function \"\(name)\" has no version \($0)" } ?? "there is no function \"\(name)\""
            let nearest = report.nearest.flatMap { $0 == name ? nil : "Did you mean \($0)?" }
            throw CommandFailure(.notFound, code: "not_found", what, hint: nearest)
        }
        let versions =
            definition["versions"]?.arrayValue?.compactMap { $0["version"]?.integerValue.map(Int.init) } ?? []
        return (
            definition["version"]?.integerValue.map(Int.init) ?? 0, versions, definition["document"]?.objectValue ?? [:]
        )
    }

    /// What is different between two versions.
    private struct Difference {
        private let name: String
        private let from: Int
        private let to: Int
        private let source: String
        private let changes: [(field: String, from: JSONValue, to: JSONValue)]

        init(
            _ older: (version: Int, versions: [Int], document: JSONObject),
            _ newer: (version: Int, versions: [Int], document: JSONObject)
        ) {
            name = newer.document["name"]?.stringValue ?? ""
            from = older.version
            to = newer.version
            source = UnifiedDiff.text(
                from: older.document["source"]?.stringValue ?? "",
                "\(name) v\(from)",
                to: newer.document["source"]?.stringValue ?? "",
                "\(name) v\(to)"
            )
            let fields = older.document.keys + newer.document.keys.filter { older.document[$0] == nil }
            changes = fields.compactMap { field in
                let values = (older.document[field] ?? .null, newer.document[field] ?? .null)
                guard field != "source", values.0 != values.1 else { return nil }
                return (field, values.0, values.1)
            }
        }

        var isEmpty: Bool { source.isEmpty && changes.isEmpty }

        var text: String {
            changes.map { "\($0.field): \($0.from.text) -> \($0.to.text)\n" }.joined() + source
        }

        var json: JSONValue {
            [
                "function": .string(name), "from": .integer(Int64(from)), "to": .integer(Int64(to)),
                "changes": .array(
                    changes.map { ["field": .string($0.field), "from": $0.from, "to": $0.to] }
                ),
                "source": .string(source),
            ]
        }
    }
}
