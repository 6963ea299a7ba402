/// What a model is for.
package enum ModelPurpose: String, Sendable, Hashable, CaseIterable {
    /// It answers messages; agents name it.
    case chat
    /// It makes vectors of texts, by which memories are found.
    case embedding
}
