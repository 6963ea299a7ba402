/// What a place in a ``Template`` stands for.
package protocol TemplateReference: Sendable, Hashable, CustomStringConvertible {
    /// Whether a value that is this reference and nothing else may be left out where it stands for nothing.
    var isOptional: Bool { get }
}
