import Definitions
package import HTTP

/// Makes the provider that a model's row names.
package struct ModelProviderFactory: Sendable {
    /// The names that a model's `provider` may have where no program adds others.
    ///
    /// That of plans is above this library.
    package static let providerNames = ["anthropic", "openai", "openai_responses", "plan", "rules"]

    private let implementations: [String: ModelProviderImplementation]

    /// A factory.
    ///
    /// - Parameters:
    ///   - http: The client that all providers share, but for those of endpoints with another number of connections.
    ///   - environment: Where the variables are looked up that hold the keys.
    ///   - others: Providers that this library does not have; one that is named like one of the library's replaces it.
    package init(
        http: HTTPClient,
        environment: [String: String],
        adding others: [ModelProviderImplementation] = []
    ) {
        let clients = ModelClients(http)
        let own = [
            ModelProviderImplementation("anthropic") { model throws(ModelError) in
                try AnthropicProvider(model: model, http: clients.client(for: model), environment: environment)
            },
            ModelProviderImplementation("openai") { model throws(ModelError) in
                try OpenAIProvider(model: model, http: clients.client(for: model), environment: environment)
            },
            ModelProviderImplementation("openai_responses") { model throws(ModelError) in
                try ResponsesProvider(model: model, http: clients.client(for: model), environment: environment)
            },
            ModelProviderImplementation("rules") { model throws(ModelError) in try RulesProvider(model: model) },
        ]
        implementations = (own + others).reduce(into: [:]) { $0[$1.name] = $1 }
    }

    /// Makes the provider of a model.
    ///
    /// Rules are compiled and keys are looked up here, once, so keep the provider as long as the model's version is used.
    ///
    /// - Parameter model: The model.
    /// - Returns: Its provider.
    /// - Throws: ``ModelError/Code/configuration`` if the row or the environment is not right;
    ///   ``ModelError/Code/missingImplementation`` when the row is for a program that has another provider.
    package func provider(for model: Model) throws(ModelError) -> any ModelProvider {
        guard model.purpose == .chat else {
            let message = "it is for embedding and answers no messages: name a model without purpose: embedding"
            throw ModelError(model: model.name, problems: [DocumentProblem(path: "purpose", message: message)])
        }
        guard let implementation = implementations[model.provider] else { throw unknown(model) }
        let provider = try implementation.make(model)
        return model.toolCalling == .react ? ReactProvider.around(provider) : provider
    }

    private func unknown(_ model: Model) -> ModelError {
        let name = model.provider
        if ImplementationName.isOfProgram(name) {
            let message = ImplementationName.absence(of: name, among: implementations.keys)
            let problem = DocumentProblem(path: "provider", message: message)
            return ModelError(model: model.name, .missingImplementation, problems: [problem])
        }
        let names = Self.providerNames
        let hint = nearestName(to: name, among: names).map { "; did you mean \"\($0)\"?" } ?? ""
        let message = "expected one of \(names.joined(separator: ", ")), found \"\(name)\"\(hint)"
        return ModelError(model: model.name, problems: [DocumentProblem(path: "provider", message: message)])
    }
}
