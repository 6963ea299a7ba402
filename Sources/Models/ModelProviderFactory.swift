import Definitions
package import HTTP

/// Makes the provider that a model's row names.
package struct ModelProviderFactory: Sendable {
    /// The names that a model's `provider` may have.
    package static let providerNames = ["openai", "rules"]

    private let http: HTTPClient
    private let environment: [String: String]

    /// A factory.
    ///
    /// - Parameters:
    ///   - http: The client that all providers share.
    ///   - environment: Where the variables are looked up that hold the keys.
    package init(http: HTTPClient, environment: [String: String]) {
        self.http = http
        self.environment = environment
    }

    /// Makes the provider of a model.
    ///
    /// Rules are compiled and keys are looked up here, once, so keep the provider as long as the model's version is used.
    ///
    /// - Parameter model: The model.
    /// - Returns: Its provider.
    /// - Throws: ``ModelError/Code/configuration`` if the row or the environment is not right.
    package func provider(for model: Model) throws(ModelError) -> any ModelProvider {
        switch model.provider {
        case "openai":
            return try OpenAIProvider(model: model, http: http, environment: environment)
        case "rules":
            return try RulesProvider(model: model)
        default:
            let nearest = nearestName(to: model.provider, among: Self.providerNames)
            let hint = nearest.map { "; did you mean \"\($0)\"?" } ?? ""
            let names = Self.providerNames.joined(separator: ", ")
            let message = "expected one of \(names), found \"\(model.provider)\"\(hint)"
            throw ModelError(model: model.name, problems: [DocumentProblem(path: "provider", message: message)])
        }
    }
}
