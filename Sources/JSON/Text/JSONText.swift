/// A text that is known to be JSON.
///
/// It is for documents that only pass through: they keep their bytes, and are parsed when their content is read.
public struct JSONText: Sendable {
    /// The text.
    public let string: String

    /// Takes a text after checking it.
    ///
    /// - Parameter string: The document.
    /// - Throws: ``JSONParseError`` when it is not JSON, has a key twice, or is beyond the parser's default limits.
    public init(validating string: String) throws(JSONParseError) {
        _ = try JSONValue(parsing: string)
        self.string = string
    }

    /// Writes a value.
    public init(_ value: JSONValue) {
        string = value.text
    }

    /// Takes a text that is known to be valid, such as the content of a JSON column.
    package init(trusting string: String) {
        self.string = string
    }

    /// A list of what is written already.
    package init(listing texts: [JSONText]) {
        string = "[" + texts.map(\.string).joined(separator: ",") + "]"
    }

    /// Parses the text.
    ///
    /// - Throws: ``JSONParseError`` when it is beyond the parser's default limits.
    public func value() throws(JSONParseError) -> JSONValue {
        try JSONValue(parsing: string)
    }
}

extension JSONText: Hashable {
    /// Whether two texts are the same, byte for byte.
    public static func == (left: JSONText, right: JSONText) -> Bool {
        left.string.hasSameBytes(as: right.string)
    }

    /// Feeds the bytes of the text to a hasher.
    public func hash(into hasher: inout Hasher) {
        string.hashBytes(into: &hasher)
    }
}
