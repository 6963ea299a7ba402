extension JSONValue {
    /// The value as compact JSON text.
    ///
    /// Reading the text yields an equal value with its members in the same order. NaN and infinity, which cannot come
    /// from parsing, are written as `null`.
    public var text: String {
        var writer = JSONWriter()
        writer.write(self)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    /// The value as JSON text for people: indented by two spaces, one member or item a line.
    public var prettyText: String {
        var writer = JSONWriter(isPretty: true)
        writer.write(self)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    /// Appends the value as compact JSON text in UTF-8.
    ///
    /// - Parameter bytes: What to append to.
    public func write(to bytes: inout [UInt8]) {
        var writer = JSONWriter(appendingTo: bytes)
        bytes = []
        writer.write(self)
        bytes = writer.bytes
    }
}

extension JSONValue: CustomStringConvertible {
    /// The value as compact JSON text.
    public var description: String {
        text
    }
}
