/// A version that was put in force.
package struct PublishedVersion: Sendable, Hashable {
    package let kind: String
    package let name: String
    /// From 1.
    package let version: Int
}
