import HTTPTypes

/// What comes before a response's body.
struct HTTPResponseHead: Sendable, Hashable {
    /// The protocol as the status line names it, for example `HTTP/1.1` or `HTTP/2`.
    var version: String
    var status: Int
    var headers: HTTPFields
}
