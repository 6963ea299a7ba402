import HTTP
public import HTTPTypes

/// A request as a ``MockServer`` received it.
public struct MockRequest: Sendable, Hashable {
    /// The method.
    public let method: String
    /// The request's target as it was sent: path and query.
    public let path: String
    /// The header fields in order.
    public let headers: HTTPFields
    /// The body's bytes.
    public let body: [UInt8]

    /// The body as text.
    public var text: String { String(decoding: body, as: UTF8.self) }
}
