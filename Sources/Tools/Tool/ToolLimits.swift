import Definitions

/// What a tool may use up in one call.
package struct ToolLimits: Sendable, Hashable {
    /// The smallest limit of output: what a note about the cut needs, and some content.
    package static let minimumOutputBytes = Int(DocumentFields.all.field("tool", "output_limit")?.minimum ?? 0)

    /// What a row has that says nothing of its limits.
    package static let usualTimeout = FieldDefaults(of: "tool").seconds("timeout")
    /// The same for the output.
    package static let usualOutputBytes = FieldDefaults(of: "tool").integer("output_limit")

    /// The longest time of one call.
    ///
    /// Default: 30 seconds.
    package var timeout: Duration

    /// The most bytes of text that the model gets to see; what is longer is cut, with a note.
    ///
    /// Default: 10,240.
    ///
    /// Less than ``minimumOutputBytes`` counts as that.
    package var outputBytes: Int {
        didSet { outputBytes = max(Self.minimumOutputBytes, outputBytes) }
    }

    /// Limits of one call.
    ///
    /// - Parameters:
    ///   - timeout: The longest time of one call.
    ///   - outputBytes: The most bytes of text that the model gets to see; at least ``minimumOutputBytes``.
    package init(timeout: Duration = Self.usualTimeout, outputBytes: Int = Self.usualOutputBytes) {
        self.timeout = timeout
        self.outputBytes = max(Self.minimumOutputBytes, outputBytes)
    }
}
