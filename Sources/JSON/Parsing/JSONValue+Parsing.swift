extension JSONValue {
    /// Parses a JSON document.
    ///
    /// - Parameters:
    ///   - text: The document.
    ///   - options: What is accepted.
    /// - Throws: ``JSONParseError`` when the text is not JSON, or beyond the options.
    public init(parsing text: String, options: JSONParserOptions = .default) throws(JSONParseError) {
        var text = text
        let result = text.withUTF8 { bytes -> Result<JSONValue, JSONParseError> in
            Result { () throws(JSONParseError) in
                try JSONParser.parse(UnsafeRawBufferPointer(bytes), options: options)
            }
        }
        self = try result.get()
    }

    /// Parses a JSON document in UTF-8.
    ///
    /// - Parameters:
    ///   - bytes: The document.
    ///   - options: What is accepted.
    /// - Throws: ``JSONParseError`` when the bytes are not JSON, or beyond the options.
    public init(
        parsing bytes: UnsafeRawBufferPointer,
        options: JSONParserOptions = .default
    ) throws(JSONParseError) {
        self = try JSONParser.parse(bytes, options: options)
    }

    /// Parses a JSON document in UTF-8.
    ///
    /// - Parameters:
    ///   - bytes: The document. Bytes that are not contiguous in memory are copied.
    ///   - options: What is accepted.
    /// - Throws: ``JSONParseError`` when the bytes are not JSON, or beyond the options.
    public init(
        parsing bytes: some Sequence<UInt8>,
        options: JSONParserOptions = .default
    ) throws(JSONParseError) {
        let result =
            bytes.withContiguousStorageIfAvailable { Self.parse($0, options) }
            ?? Array(bytes).withUnsafeBufferPointer { Self.parse($0, options) }
        self = try result.get()
    }

    private static func parse(
        _ bytes: UnsafeBufferPointer<UInt8>,
        _ options: JSONParserOptions
    ) -> Result<JSONValue, JSONParseError> {
        Result { () throws(JSONParseError) in
            try JSONParser.parse(UnsafeRawBufferPointer(bytes), options: options)
        }
    }
}
