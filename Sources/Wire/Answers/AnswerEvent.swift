/// An event of a stream as a server sends it.
package struct AnswerEvent: Sendable, Hashable {
    /// The event's type; nil for one without.
    package let name: String?

    /// The data.
    package let data: String

    /// An event.
    package init(_ name: String? = nil, data: String) {
        self.name = name
        self.data = data
    }
}
