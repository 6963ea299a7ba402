import Conversation
internal import HTTP
import HTTPTypes
internal import JSON

/// A request of a tool, before it is known where it goes in the end.
struct HTTPMessage: Sendable {
    /// The method.
    package var method = HTTPRequest.Method.get

    /// Where to.
    package var address: WebAddress

    /// The header fields that are for this server only.
    package var headers: HTTPFields = [:]

    /// The body.
    package var body: [UInt8]?

    /// Whether there is a secret in it.
    var holdsSecrets = false

    /// Whether there is one in its body.
    var bodyHoldsSecrets = false

    /// Methods that change nothing.
    static let safeMethods: Set<HTTPRequest.Method> = [.get, .head, .options]

    /// Fields that another server may be told of: they say nothing about who asks.
    private static let harmlessFields: Set<HTTPField.Name> = [.accept, .acceptLanguage, .userAgent, .contentType]

    /// Adds a header field.
    ///
    /// - Throws: ``ToolError/Code/invalidArguments`` when it cannot be sent as it is.
    package mutating func add(_ name: String, _ value: String) throws(ToolError) {
        do throws(HTTPClientError) {
            headers.append(try HTTPField(checking: name, value))
        } catch {
            throw ToolError(.invalidArguments, "The request cannot be sent: \(error.message).")
        }
    }

    /// Sets a header field that the message does not have yet.
    mutating func setDefault(_ name: HTTPField.Name, _ value: String) {
        if !headers.contains(name) { headers[name] = value }
    }

    /// The request that a redirect asks for.
    ///
    /// What authenticates stays behind when the server changes; where it is part of the body, the redirect is refused. As
    /// browsers do, 303 and, after a POST, 301 and 302 lead to a GET without a body.
    ///
    /// - Throws: ``ToolError/Code/denied`` if it leads from https to http, or a secret of the body to another server.
    func redirected(to next: WebAddress, status: Int) throws(ToolError) -> HTTPMessage {
        guard next.isSecure || !address.isSecure else {
            throw ToolError(.denied, "\(address.shown) leads from https to http, which is not followed.")
        }
        var message = self
        message.address = next
        if status == 303 ? method != .head : (status == 301 || status == 302) && method == .post {
            message.method = .get
            message.body = nil
            message.bodyHoldsSecrets = false
            message.headers.removeAll { $0.name.canonicalName.hasPrefix("content-") }
        }
        if next.origin != address.origin {
            message.headers.removeAll { !Self.harmlessFields.contains($0.name) }
            guard !message.bodyHoldsSecrets else {
                throw ToolError(
                    .denied,
                    "\(address.shown) leads to \(next.origin), and the request holds a secret that is not sent there."
                )
            }
            message.holdsSecrets = false
        }
        return message
    }
}
