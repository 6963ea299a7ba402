/// One header field of a request or a response.
public struct HTTPHeader: Sendable, Hashable {
    /// The field's name; names that differ only in case are the same field.
    public var name: String

    /// The field's value, without surrounding white space.
    public var value: String

    /// Creates a header field.
    ///
    /// - Parameters:
    ///   - name: The field's name, a token of RFC 9110.
    ///   - value: The field's value; line breaks are refused when the request is executed.
    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}
