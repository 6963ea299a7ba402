internal import HTTP
internal import JSON

/// A request of a tool, before it is known where it goes in the end.
struct HTTPMessage: Sendable {
    /// The method.
    var method = "GET"

    /// Where to.
    var address: WebAddress

    /// The header fields that are for this server only.
    var headers: [HTTPHeader] = []

    /// The body.
    var body: [UInt8]?

    /// Whether there is a secret in it.
    var holdsSecrets = false

    /// Methods that change nothing.
    static let safeMethods: Set<String> = ["GET", "HEAD", "OPTIONS"]

    /// Fields that another server may be told of: they say nothing about who asks.
    private static let harmlessFields = ["accept", "accept-language", "user-agent", "content-type"]

    /// Whether there is a field of a name, whatever its case.
    func has(_ name: String) -> Bool {
        headers.contains { $0.name.lowercased() == name.lowercased() }
    }

    /// The request that a redirect asks for.
    ///
    /// What authenticates stays behind when the server changes. As browsers do, 303 and, after a POST, 301 and 302 lead
    /// to a GET without a body.
    ///
    /// - Throws: ``ToolError/Code/denied`` if it leads from https to http.
    func redirected(to next: WebAddress, status: Int) throws(ToolError) -> HTTPMessage {
        guard next.isSecure || !address.isSecure else {
            throw ToolError(.denied, "\(address.shown) leads from https to http, which is not followed.")
        }
        var message = self
        message.address = next
        if status == 303 ? method != "HEAD" : (status == 301 || status == 302) && method == "POST" {
            message.method = "GET"
            message.body = nil
            message.headers.removeAll { $0.name.lowercased().hasPrefix("content-") }
        }
        if next.origin != address.origin {
            message.headers.removeAll { !Self.harmlessFields.contains($0.name.lowercased()) }
            message.holdsSecrets = false
        }
        return message
    }
}
