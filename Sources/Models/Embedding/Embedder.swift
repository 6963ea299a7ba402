package import HTTP
package import JSON

/// Makes the providers of models that make vectors, and keeps the last one: there is one in force.
package actor Embedder {
    private let http: HTTPClient
    private let environment: [String: String]
    private var known: (model: EmbeddingModel, provider: EmbeddingProvider)?

    /// - Parameters:
    ///   - http: The client to use.
    ///   - environment: Where the variables are looked up that hold the keys.
    package init(http: HTTPClient, environment: [String: String]) {
        self.http = http
        self.environment = environment
    }

    /// The provider of a model.
    ///
    /// - Parameters:
    ///   - name: The row's name.
    ///   - versionID: The id of its version.
    ///   - document: Its document.
    /// - Throws: ``ModelError/Code/configuration`` when it cannot be asked from here.
    package func provider(name: String, versionID: Int64, document: JSONValue) throws(ModelError) -> EmbeddingProvider {
        let model = try EmbeddingModel(name: name, versionID: versionID, document: document)
        if let known, known.model == model { return known.provider }
        let provider = try EmbeddingProvider(model: model, http: http, environment: environment)
        known = (model, provider)
        return provider
    }
}
