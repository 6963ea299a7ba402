/// A template that cannot be read, or that has nothing to put in a place.
package struct TemplateError: Error, Sendable, Hashable {
    /// What is wrong, as a clause.
    package let message: String

    /// An error.
    ///
    /// - Parameter message: What is wrong, as a clause.
    package init(_ message: String) {
        self.message = message
    }
}
