/// A Swift implementation that a model's row can name as its `provider`.
public struct ModelProviderImplementation: Sendable {
    /// The name by which rows refer to it.
    public let name: String

    /// Makes the provider of a model.
    package let make: @Sendable (Model) throws(ModelError) -> any ModelProvider

    /// A provider of models.
    ///
    /// - Parameters:
    ///   - name: The name by which rows refer to it, at most 128 bytes. That of an embedding program has a dot, with
    ///     letters, digits, `_` and `-` around it: `shop.clerk`.
    ///   - make: Makes the provider, once for each version of a model's row.
    public init(_ name: String, make: @escaping @Sendable (Model) throws(ModelError) -> any ModelProvider) {
        self.name = name
        self.make = make
    }
}
