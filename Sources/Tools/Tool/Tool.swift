package import Conversation
package import JSON

/// Something an agent can do: what a model is told about it, and the doing, in one place.
package protocol Tool: Sendable {
    /// What the model is told. The root of its input schema is an object schema.
    var specification: ToolSpecification { get }

    /// What a call does to the world.
    var effect: ToolEffect { get }

    /// What one call may use up; the router sees to it.
    var limits: ToolLimits { get }

    /// Whether it asks ``ToolContext/begin()`` itself before each of its effects, later than its caller could.
    var asksBeforeEffects: Bool { get }

    /// How to get the rest of an output that was cut, as a sentence to the model.
    var truncationHint: String { get }

    /// What a call would do, for the rules of policies. It is asked before the arguments are checked, and must not trust
    /// them.
    ///
    /// - Parameter arguments: The arguments as the model gave them; null when they are not JSON.
    /// - Returns: The command lines, paths and URLs among them, and what a person is asked about.
    func facts(of arguments: JSONValue) -> ToolFacts

    /// Rejects a call that would always be refused, before an approval is requested for it.
    ///
    /// It inspects nothing but the arguments and the tool's own row, so that its answer does not change. The router asks it
    /// before each call as well.
    ///
    /// - Parameters:
    ///   - arguments: The arguments; they fit the input schema.
    ///   - context: Where a refusal is recorded; nil while it is only asked whether an approver has to decide.
    /// - Throws: ``ToolError`` that says why.
    func check(_ arguments: JSONValue, in context: ToolContext?) throws(ToolError)

    /// Does it.
    ///
    /// Long work looks for cancellation: that is how a timeout arrives.
    ///
    /// - Parameters:
    ///   - arguments: The arguments; they fit the input schema.
    ///   - context: Where and for whom.
    /// - Returns: The output, of any length.
    /// - Throws: ``ToolError``; unless it is fatal, the model is told its message and goes on.
    func call(_ arguments: JSONValue, in context: ToolContext) async throws(ToolError) -> ToolOutput
}

extension Tool {
    /// No facts: rules about command lines, paths and hosts are not about the tool.
    package func facts(of arguments: JSONValue) -> ToolFacts { ToolFacts() }

    /// Nothing is refused beforehand.
    package func check(_ arguments: JSONValue, in context: ToolContext?) throws(ToolError) {}

    /// The default limits.
    package var limits: ToolLimits { ToolLimits() }

    /// The caller asks.
    package var asksBeforeEffects: Bool { false }

    /// A sentence that fits any tool.
    package var truncationHint: String { "Ask for less, or for a part of it." }
}
