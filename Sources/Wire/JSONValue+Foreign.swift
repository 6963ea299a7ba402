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
}
