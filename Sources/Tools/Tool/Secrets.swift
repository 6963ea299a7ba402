/// Secrets that rows refer to by name: variables of the process's environment, never stored and never shown.
package struct Secrets: Sendable, CustomStringConvertible, CustomReflectable {
    private let values: [String: String]

    /// Secrets.
    ///
    /// - Parameter environment: The variables that names refer to.
    package init(environment: [String: String] = [:]) {
        values = environment
    }

    /// The value of a secret; nil if there is none, or it is empty.
    ///
    /// - Parameter name: The variable's name.
    package func value(named name: String) -> String? {
        values[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Tells nothing of names or values.
    package var description: String { "Secrets" }

    /// Shows nothing of names or values.
    package var customMirror: Mirror { Mirror(self, children: []) }
}
