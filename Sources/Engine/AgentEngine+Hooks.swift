internal import Glibc
package import JSON
package import Orchestration
internal import Store

internal import struct FoundationEssentials.UUID

extension AgentEngine {
    /// Sends the receiver of a hook an event of the type `test`, once.
    ///
    /// - Parameters:
    ///   - name: The hook's name.
    ///   - document: Its document.
    package func testHook(_ name: String, document: JSONValue) async -> HookOutcome {
        let body: JSONValue = ["type": "test", "data": ["hook": .string(name)]]
        let delivery = ClaimedDelivery(
            id: 0,
            attempt: 1,
            webhookID: "msg_\(UUID())",
            hook: name,
            body: body.text,
            document: document
        )
        return await HookSender(services: services).send(delivery, now: Int64(time(nil)))
    }
}
