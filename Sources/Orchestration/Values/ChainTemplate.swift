internal import Definitions
internal import JSON

/// A template of a chain.
typealias ChainTemplate = Template<ChainReference>

extension ChainTemplate {
    /// Most bytes that references may put into one value: 4 MiB, as much as a document has.
    static var maximumBytes: Int { 4 << 20 }

    /// Reads a template.
    ///
    /// - Parameters:
    ///   - value: The value.
    ///   - place: Where it is, for the error.
    init(chain value: JSONValue, place: String) throws(ChainError) {
        do throws(TemplateError) {
            try self.init(value) { (text) throws(TemplateError) in try ChainReference(text) }
        } catch {
            throw ChainError(place, error.message)
        }
    }

    /// The value with everything in its place.
    func value(in scope: ChainScope) throws(TemplateError) -> JSONValue? {
        try value(maximumBytes: Self.maximumBytes) { $0.value(in: scope) }
    }
}
