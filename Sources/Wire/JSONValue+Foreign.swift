internal import JSON

extension JSONValue {
    /// Parses what another server wrote: a repeated member counts as its last value, and nesting ends at 128.
    ///
    /// - Parameters:
    ///   - text: The text.
    ///   - halfSurrogates: What becomes of half a surrogate pair.
    /// - Throws: `JSONParseError` if it is not JSON.
    init(
        foreign text: String,
        halfSurrogates: JSONParserOptions.HalfSurrogates = .replace
    ) throws(JSONParseError) {
        var options = JSONParserOptions.default
        options.maximumDepth = 128
        options.duplicateKeys = .keepLast
        options.halfSurrogates = halfSurrogates
        try self.init(parsing: text, options: options)
    }

    /// What another server wrote, or why it is not JSON.
    static func parsed(
        foreign text: String,
        halfSurrogates: JSONParserOptions.HalfSurrogates = .replace
    ) -> Result<JSONValue, JSONParseError> {
        do throws(JSONParseError) {
            return .success(try JSONValue(foreign: text, halfSurrogates: halfSurrogates))
        } catch {
            return .failure(error)
        }
    }

    /// A member that is there and not null.
    func member(_ key: String) -> JSONValue? {
        guard let value = self[key], !value.isNull else { return nil }
        return value
    }
}
