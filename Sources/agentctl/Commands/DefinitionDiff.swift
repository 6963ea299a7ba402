import ArgumentParser
import Engine
import JSON
import Store

/// The command `diff` of a group.
struct DefinitionDiff<Group: DefinitionGroup>: Command {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "diff",
            abstract: "Compare two versions, field by field.",
            discussion: """
                Without versions, the one in force is compared with the one before; with one, with the one in force.

                EXAMPLE
                  agentctl \(Group.plural) diff \(Group.example)
                  agentctl \(Group.plural) diff \(Group.example) 1 3
                """
        )
    }

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
            let newer = try await version(versions.count == 2 ? versions[1] : nil, from: reports)
            let older = try await version(try versions.first ?? previous(of: newer), from: reports)
            let difference = DocumentDifference(
                older.document,
                "\(name) v\(older.number)",
                newer.document,
                "\(name) v\(newer.number)"
            )
            if console.isJSON {
                var report: JSONObject = [
                    "kind": .string(Group.kind), "name": .string(name), "from": .integer(older.number),
                    "to": .integer(newer.number),
                ]
                for member in difference.json { report[member.key] = member.value }
                console.print(.object(report))
            } else if difference.isEmpty {
                console.note("versions \(older.number) and \(newer.number) are the same")
            } else {
                console.print(console.output.shown(difference.text))
            }
            return .done
        }
    }

    private func previous(of newer: Version) throws -> Int {
        guard let previous = newer.all.last(where: { $0 < newer.number }) else {
            let message = "\(Group.kind) \"\(name)\" has no earlier version"
            throw CommandFailure(.notFound, code: "not_found", message)
        }
        return Int(previous)
    }

    private struct Version {
        let number: Int64
        let all: [Int64]
        let document: JSONObject
    }

    private func version(_ number: Int?, from reports: Reports) async throws -> Version {
        let report = try await reports.definitionReport(kind: Group.kind, name: name, version: number)
        guard let definition = report.definition else {
            throw CommandFailure(missing: name, version: number, of: Group.self, nearest: report.nearest)
        }
        return Version(
            number: definition["version"]?.integerValue ?? 0,
            all: definition["versions"]?.arrayValue?.compactMap { $0["version"]?.integerValue } ?? [],
            document: definition["document"]?.objectValue ?? [:]
        )
    }
}
