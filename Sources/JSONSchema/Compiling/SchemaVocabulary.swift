/// The vocabularies of draft 2020-12, each a set of keywords that a metaschema may leave out.
struct SchemaVocabulary: OptionSet, Sendable {
    let rawValue: UInt8

    static let core = SchemaVocabulary(rawValue: 1)
    static let applicator = SchemaVocabulary(rawValue: 2)
    static let unevaluated = SchemaVocabulary(rawValue: 4)
    static let validation = SchemaVocabulary(rawValue: 8)

    /// Those whose keywords only annotate.
    static let annotations = SchemaVocabulary(rawValue: 16)

    static let all: SchemaVocabulary = [.core, .applicator, .unevaluated, .validation, .annotations]

    /// The vocabulary with a URI, or `nil` for an unknown one; formats are not asserted here.
    static func named(_ uri: String) -> SchemaVocabulary? {
        let prefix = "https://json-schema.org/draft/2020-12/vocab/"
        guard uri.hasPrefix(prefix) else { return nil }
        switch uri.dropFirst(prefix.count) {
        case "core": return .core
        case "applicator": return .applicator
        case "unevaluated": return .unevaluated
        case "validation": return .validation
        case "meta-data", "format-annotation", "content": return .annotations
        default: return nil
        }
    }
}
