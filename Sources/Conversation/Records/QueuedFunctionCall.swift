package import JSON

package import struct FoundationEssentials.UUID

/// A call that a statement queued and that this worker holds the lease of.
package struct QueuedFunctionCall: Sendable {
    /// The call's number.
    package let id: Int64
    /// The lease: whoever finishes the call must show it.
    package let lease: UUID
    /// Which claim of the call it is, from 1.
    package let attempt: Int
    /// The function's name.
    package let function: String
    /// The version in force at the claim; nil when the function was taken out of force.
    package let versionID: Int64?
    /// The arguments; nil when they cannot be read.
    package let arguments: JSONValue?

    package init(
        id: Int64,
        lease: UUID,
        attempt: Int,
        function: String,
        versionID: Int64?,
        arguments: JSONValue?
    ) {
        self.id = id
        self.lease = lease
        self.attempt = attempt
        self.function = function
        self.versionID = versionID
        self.arguments = arguments
    }
}
