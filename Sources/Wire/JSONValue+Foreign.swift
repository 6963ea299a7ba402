internal import JSON

extension JSONValue {
    /// Parses what another server wrote: a repeated member counts as its last value, and nesting ends at 128.
    ///
    /// - Throws: `JSONParseError` if it is not JSON.
    init(foreign text: String) throws(JSONParseError) {
        var options = JSONParserOptions.default
        options.maximumDepth = 128
        options.duplicateKeys = .keepLast
        try self.init(parsing: text, options: options)
    }
}
