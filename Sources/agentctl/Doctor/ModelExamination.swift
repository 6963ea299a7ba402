import Definitions
import Engine
import HTTP
import JSON
import Models

/// What `doctor` says of the models: whether their rows make a provider, their key is there, their server answers.
struct ModelExamination: Sendable {
    let http: HTTPClient
    let environment: [String: String]
    /// The documents of endpoints, by their names.
    var endpoints: [String: JSONValue] = [:]

    private static let timeLimit: Duration = .seconds(5)

    /// One check a model, in their order; the servers are asked at once.
    func checks(of definitions: [Definition]) async -> [Check] {
        guard !definitions.isEmpty else {
            return [
                Check("models", .warning, "none is registered", hint: "Register one: agentctl register FILE")
            ]
        }
        return await withTaskGroup(of: (Int, Check).self) { group in
            for (index, definition) in definitions.enumerated() {
                group.addTask { (index, await check(definition)) }
            }
            var checks: [(Int, Check)] = []
            for await check in group { checks.append(check) }
            return checks.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }

    private func check(_ definition: Definition) async -> Check {
        let name = "model \(Printable.line(definition.name, width: 64))"
        let model: Model
        do throws(ModelError) {
            model = try Model(
                name: definition.name,
                versionID: definition.versionID,
                document: definition.document,
                endpoints: endpoints
            )
            if ImplementationName.isOfProgram(model.provider) {
                return Check(name, .ok, "\(model.provider), of a program that embeds the engine")
            }
            if let variable = model.apiKeyEnvironmentVariable, environment[variable]?.isEmpty != false {
                return Check(
                    name,
                    .failed,
                    "the variable \(variable), which holds its key, is not set",
                    hint: "Set it for this process and for the workers: export \(variable)=…"
                )
            }
            if model.purpose == .chat {
                _ = try ModelProviderFactory.all(http: http, environment: environment).provider(for: model)
            }
        } catch {
            return Check(name, .failed, error.message, hint: "Register a corrected document.")
        }
        guard let baseURL = model.baseURL else { return Check(name, .ok, "\(model.provider), needs no network") }
        return await ask(model, at: baseURL, name: name)
    }

    private func ask(_ model: Model, at baseURL: String, name: String) async -> Check {
        var request: HTTPClientRequest
        do throws(ModelError) {
            request = try model.serverRequest(for: "/models", environment: environment)
        } catch {
            return Check(name, .failed, error.message, hint: "Correct it where the workers run.")
        }
        request.connectTimeout = Self.timeLimit
        request.idleTimeout = Self.timeLimit
        request.totalTimeout = Self.timeLimit
        do throws(HTTPClientError) {
            let status = try await http.execute(request).status
            switch status {
            case 401, 403:
                return Check(
                    name,
                    .failed,
                    "\(baseURL) refuses the key (HTTP \(status))",
                    hint: "Check \(model.keyPlace)."
                )
            // Many servers have no list of models.
            case 500, 502...:
                return Check(name, .warning, "\(baseURL) answers with HTTP \(status)", hint: "Try again later.")
            default: return Check(name, .ok, "\(baseURL) answers")
            }
        } catch {
            return Check(
                name,
                .failed,
                "\(baseURL) cannot be reached: \(error.message)",
                hint: "Is the server running, and base_url right? agentctl models show \(model.name)"
            )
        }
    }
}

extension Model {
    /// Where its key is.
    fileprivate var keyPlace: String {
        if let variable = apiKeyEnvironmentVariable { return "the variable \(variable)" }
        return sharedEndpoint?.apiKeyFile.map { "the file \($0)" } ?? "the variable that api_key_env should name"
    }
}
