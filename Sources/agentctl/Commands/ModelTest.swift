import ArgumentParser
import Engine
import HTTP
import JSON
import Models
import Store

/// The command `agentctl models test`.
struct ModelTest: Command {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Ask a model, from here, for all that agents need of one.",
        discussion: """
            It is asked for text, a stream, a call of a tool, two calls at once, an answer that fits a schema, and the \
            tokens that it counts: five short calls, which cost what they cost. Nothing is stored. Lines that the model's \
            document needs are printed. Ends with 1 when a call fails, and with 5 when the server cannot be reached. What a \
            model does not do, and agents can do without, is reported as missing.

            EXAMPLE
              agentctl models test gpt
              agentctl models test gpt --json
            """
    )

    @Argument(help: "The model's name.")
    var name: String

    @OptionGroup var options: GlobalOptions

    func run(on console: Console) async throws -> ExitStatus {
        try await withStores(on: console) { stores in
            let found = try await stores.reports.definitionReport(kind: "model", name: name)
            guard let definition = found.definition, let document = definition["document"] else {
                throw CommandFailure(
                    .notFound,
                    code: "not_found",
                    "there is no model \"\(name)\"",
                    hint: found.nearest.map { "Did you mean \($0)?" } ?? "See: agentctl models list"
                )
            }
            var endpoints: [String: JSONValue] = [:]
            if let name = document["endpoint"]?.stringValue {
                let found = try await stores.reports.definitionReport(kind: "endpoint", name: name)
                endpoints[name] = found.definition?["document"]
            }
            let http = HTTPClient(logger: logger())
            let version = definition["version_id"]?.integerValue ?? 0
            let outcome = await probe(document, version: version, endpoints, http)
            await http.shutdown()
            switch outcome {
            case .success(let report): return try show(report, on: console)
            case .failure(let error): throw CommandFailure(.refused, code: error.code.description, error.message)
            }
        }
    }

    private func probe(
        _ document: JSONValue,
        version: Int64,
        _ endpoints: [String: JSONValue],
        _ http: HTTPClient
    ) async -> Result<ModelProbe.Report, ModelError> {
        do throws(ModelError) {
            let model = try Model(name: name, versionID: version, document: document, endpoints: endpoints)
            let factory = ModelProviderFactory.all(http: http, environment: environment)
            var probe = ModelProbe(try factory.provider(for: model))
            return .success(await probe.run())
        } catch {
            return .failure(error)
        }
    }

    private func show(_ report: ModelProbe.Report, on console: Console) throws -> ExitStatus {
        if console.isJSON {
            console.print([
                "model": .string(name), "trials": .array(report.trials.map(\.json)),
                "fields": .array(report.fields.map { .string($0) }),
                "input_tokens": .integer(Int64(report.usage.input)),
                "cached_input_tokens": .integer(Int64(report.usage.cachedInput)),
                "output_tokens": .integer(Int64(report.usage.output)),
            ])
        } else {
            for trial in report.trials {
                let mark =
                    switch trial.outcome {
                    case .works: "✓"
                    case .isMissing: "–"
                    case .failed: "✗"
                    }
                console.print("\(mark) \(trial.ability.rawValue): \(Printable.line(trial.detail, width: 400))")
            }
            for field in report.fields { console.print("set in the model's document: \(field)") }
        }
        guard let failure = report.failure else { return .done }
        return failure.code == .unreachable || failure.code == .timeout && report.trials.count == 1
            ? .unreachable : .failed
    }
}
