import ArgumentParser
import Engine
import JSON
import Store

/// The command `agentctl chains show`.
struct ChainShow: Command {
    /// In what form it is shown.
    enum Form: String, EnumerableFlag {
        case mermaid, dot, svg, yaml

        static func help(for value: Form) -> ArgumentHelp? {
            switch value {
            case .mermaid: "As a flowchart of Mermaid."
            case .dot: "As a graph of Graphviz."
            case .svg: "As a picture, for a browser or a page."
            case .yaml: "As the document, which can be registered again."
            }
        }
    }

    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Draw a chain.",
        discussion: """
            With --json: its nodes and edges as they are drawn, its version and its document.

            EXAMPLE
              agentctl chains show research
              agentctl chains show research --version 2 --mermaid
              agentctl chains show research --svg > research.svg
            """
    )

    @Argument(help: "The name.")
    var name: String

    @Option(help: ArgumentHelp("The version; else the one in force.", valueName: "number"))
    var version: Int?

    @Flag(exclusivity: .exclusive)
    var form: Form?

    @OptionGroup var options: GlobalOptions

    func validate() throws {
        guard form == nil || !options.json else { throw ValidationError("--json is a form of its own.") }
        guard (1...Int(Int32.max)).contains(version ?? 1) else { throw ValidationError("--version counts from 1.") }
    }

    func run(on console: Console) async throws -> ExitStatus {
        try await withStore(\.reports, on: console) { reports in
            if console.isJSON {
                console.print(.object(try await report(from: reports)))
                return .done
            }
            switch form {
            case nil:
                let drawing = try await reports.chainDrawing(name, version: version, as: .text)
                console.print(console.output.shown(drawing))
            case .mermaid:
                let drawing = try await reports.chainDrawing(name, version: version, as: .mermaid)
                console.print(console.output.shown(drawing))
            case .dot:
                let drawing = try await reports.chainDrawing(name, version: version, as: .dot)
                console.print(console.output.shown(drawing))
            case .svg:
                console.print(ChainPicture(ChainGraph(try await reports.chainGraph(name, version: version))).svg)
            case .yaml:
                let document = try await report(from: reports)["document"] ?? .null
                console.print(YAMLText.text(of: document))
            }
            return .done
        }
    }

    private func report(from reports: Reports) async throws -> JSONObject {
        var report = try await reports.chainGraph(name, version: version)
        let definition = try await reports.definitionReport(kind: "chain", name: name, version: version).definition
        for field in ["version", "current_version", "document"] { report[field] = definition?[field] }
        return report
    }
}
