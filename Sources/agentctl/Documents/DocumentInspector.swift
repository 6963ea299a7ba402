import Conversation
import Definitions
import Engine
import HTTP
import JSON
import JSONSchema
import Models
import Orchestration
import Safety
import Tools

/// Finds what is wrong with documents that the database cannot see: schemas and patterns that do not compile, settings
/// that an implementation does not have.
///
/// Everything is made as a turn would make it, so that what passes here works there; what documents refer to is for the
/// database, which knows what is registered.
struct DocumentInspector {
    private let http: HTTPClient

    /// - Parameter http: What providers are made with; nothing is sent.
    init(http: HTTPClient) {
        self.http = http
    }

    /// What is wrong with a document.
    func findings(in document: JSONValue) -> [DocumentFinding] {
        let name = document["name"]?.stringValue ?? ""
        switch document["kind"]?.stringValue {
        case "agent", "function": return schema("input_schema", of: document) + schema("output_schema", of: document)
        case "tool": return tool(name, document)
        case "model": return model(name, document)
        case "endpoint": return endpoint(name, document)
        case "guardrail": return Self.findings(Guardrail.problems(in: document))
        case "policy": return Self.findings(SafetyPolicy.problems(in: document))
        case "plan": return Self.findings(PlanTemplate.problems(in: document))
        default: return []
        }
    }

    private func schema(_ field: String, of document: JSONValue) -> [DocumentFinding] {
        guard let schema = document[field] else { return [] }
        return JSONSchema.problems(in: schema).map { problem in
            DocumentFinding(
                path: DocumentPath.text(ofPointer: problem.path, from: field),
                problem: "is wrong: \(problem.message)"
            )
        }
    }

    private func tool(_ name: String, _ document: JSONValue) -> [DocumentFinding] {
        let inSchema = schema("input_schema", of: document)
        do throws(ToolError) {
            let definition = try ToolDefinition(name: name, versionID: 0, document: document)
            // The schema's compiler has reported more.
            return inSchema
                + Self.findings(ToolFactory().problems(in: definition)).filter {
                    inSchema.isEmpty || $0.path != "input_schema"
                }
        } catch {
            return inSchema + Self.findings(error.problems)
        }
    }

    private func model(_ name: String, _ document: JSONValue) -> [DocumentFinding] {
        do throws(ModelError) {
            // Whether there is such an endpoint, and what is in it, is known elsewhere.
            let named = document["endpoint"]?.stringValue.map { [$0: Self.anyEndpoint] } ?? [:]
            let model = try Model(name: name, versionID: 0, document: document, endpoints: named)
            // Registering needs no key: the worker has it.
            let environment = model.apiKeyEnvironmentVariable.map { [$0: "not-looked-at"] } ?? [:]
            guard model.purpose == .chat else {
                let embedder = try EmbeddingModel(name: name, versionID: 0, document: document)
                _ = try EmbeddingProvider(model: embedder, http: http, environment: environment)
                return []
            }
            _ = try ModelProviderFactory.all(http: http, environment: environment).provider(for: model)
            return []
        } catch {
            // That of an embedding program is known there.
            return error.code == .missingImplementation ? [] : Self.findings(error.problems)
        }
    }

    private static let anyEndpoint: JSONValue = ["base_url": "http://127.0.0.1/v1"]

    /// An endpoint is tried with a model that names it.
    private func endpoint(_ name: String, _ document: JSONValue) -> [DocumentFinding] {
        do throws(ModelError) {
            let model = try Model(
                name: name,
                versionID: 0,
                document: ["provider": "openai", "model": "any", "endpoint": .string(name)],
                endpoints: [name: document]
            )
            var variables = model.sharedEndpoint?.headerVariables.map(\.value) ?? []
            if let variable = model.apiKeyEnvironmentVariable { variables.append(variable) }
            let environment = Dictionary(variables.map { ($0, "not-looked-at") }) { first, _ in first }
            _ = try ModelProviderFactory.all(http: http, environment: environment).provider(for: model)
            return []
        } catch {
            return Self.findings(error.problems)
        }
    }

    private static func findings(_ problems: [DocumentProblem]) -> [DocumentFinding] {
        problems.map { DocumentFinding(path: $0.path, problem: "is wrong: \($0.message)") }
    }
}
