package import JSON

/// A delivery that a worker has claimed, for one attempt.
package struct ClaimedDelivery: Sendable {
    /// Identifies it in the database.
    package let id: Int64
    /// The number of the attempt, from 1: the outcome of another one is not taken.
    package let attempt: Int
    /// What the receiver knows it by: the same with each attempt.
    package let webhookID: String
    /// The hook's name.
    package let hook: String
    /// What is sent, as JSON.
    package let body: String
    /// The hook's document.
    package let document: JSONValue

    /// A delivery.
    package init(id: Int64, attempt: Int, webhookID: String, hook: String, body: String, document: JSONValue) {
        (self.id, self.attempt, self.webhookID) = (id, attempt, webhookID)
        (self.hook, self.body, self.document) = (hook, body, document)
    }
}
