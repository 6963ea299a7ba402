import Conversation
import Definitions
internal import HTTP

/// Which hosts and addresses a tool may speak to.
///
/// The host has to fit a rule of the row; then its name is resolved here, every one of its addresses is looked at, and
/// the connection is made to one of those and to nothing else, whatever the name stands for a moment later.
struct HTTPPolicy: Sendable {
    /// The hosts.
    package let hosts: [HostRule]

    /// Whether addresses of this machine and its owner's networks may be spoken to.
    let allowsPrivate: Bool

    /// The addresses that a request may be sent to.
    ///
    /// - Parameters:
    ///   - address: The URL.
    ///   - tool: The tool's name.
    ///   - context: Where and for whom; a refusal is recorded there.
    /// - Throws: ``ToolError/Code/denied``, or ``ToolError/Code/failed`` if the host cannot be found.
    package func addresses(
        for address: WebAddress,
        tool: String,
        in context: ToolContext
    ) async throws(ToolError) -> [IPAddress] {
        try check(address, tool: tool, in: context)
        let found: [IPAddress]
        do throws(HTTPClientError) {
            found = try await context.services.resolver.addresses(of: address.host)
        } catch {
            let code: ToolError.Code = error.code == .cancelled ? .cancelled : .failed
            throw ToolError(code, "\(address.host): \(error.message).")
        }
        for candidate in found {
            guard let kind = candidate.refusal(allowsPrivate: allowsPrivate) else { continue }
            record("\(address.origin) is \(candidate), \(kind)", tool, context)
            throw ToolError(.denied, "\(address.origin) may not be asked: it stands for \(kind).")
        }
        return found
    }

    /// Refuses a host that fits no rule of the row.
    ///
    /// - Parameters:
    ///   - address: The URL.
    ///   - tool: The tool's name.
    ///   - context: Where a refusal is recorded; nil to record none.
    /// - Throws: ``ToolError/Code/denied``.
    package func check(_ address: WebAddress, tool: String, in context: ToolContext?) throws(ToolError) {
        guard !hosts.contains(where: { $0.matches(address) }) else { return }
        if let context { record("\(address.origin)", tool, context) }
        let list = hosts.prefix(20).map(\.description).joined(separator: ", ")
        throw ToolError(.denied, "\(address.origin) is not among the hosts that may be asked: \(list).")
    }

    private func record(_ detail: String, _ tool: String, _ context: ToolContext) {
        context.recorder.add(
            SecurityEventRecord(.deniedHost, tool: tool, detail: detail.prefix(utf8: 500), callID: context.callID)
        )
    }
}
