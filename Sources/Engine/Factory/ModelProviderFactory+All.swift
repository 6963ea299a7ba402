package import HTTP
package import Models
internal import Orchestration

extension ModelProviderFactory {
    /// A factory of all providers: those of models, plans, and others.
    ///
    /// - Parameters:
    ///   - http: The client that all providers share.
    ///   - environment: Where the variables are looked up that hold the keys.
    ///   - others: Providers of an embedding program.
    package static func all(
        http: HTTPClient,
        environment: [String: String],
        adding others: [ModelProviderImplementation] = []
    ) -> ModelProviderFactory {
        ModelProviderFactory(http: http, environment: environment, adding: [PlanProvider.implementation] + others)
    }
}
