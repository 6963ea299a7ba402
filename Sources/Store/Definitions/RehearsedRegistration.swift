package import Definitions
package import JSON

/// What would become of a document.
package struct RehearsedRegistration: Sendable, Hashable {
    /// As registering it would report it.
    package let registration: Registration
    /// The document in force; empty when there is none.
    package let before: JSONObject
    /// The document that would be in force, with the defaults of what it leaves out.
    package let after: JSONObject
}
