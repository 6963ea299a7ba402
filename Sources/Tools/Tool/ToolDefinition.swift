package import Conversation
import Definitions
package import JSON

/// A tool as its row describes it: the Swift implementation it stands for, and what is different from the usual.
package struct ToolDefinition: Sendable, Hashable {
    /// The name by which agents and models refer to the tool.
    package var name: String

    /// The id of this version of the row.
    package var versionID: Int64

    /// The name of the Swift implementation.
    package var implementation: String

    /// What the model is told; nil for the implementation's own words.
    package var description: String?

    /// The schema of the arguments; nil for the one generated from the implementation's parameters.
    package var inputSchema: JSONValue?

    /// The implementation's settings.
    package var configuration: JSONValue

    /// What one call may use up.
    package var limits: ToolLimits

    /// What a call does to the world; nil for what the implementation says.
    package var effect: ToolEffect?

    /// The steps of a pipeline, a list; nil for any other implementation.
    package var steps: JSONValue?

    /// A tool's row.
    ///
    /// - Parameters:
    ///   - name: The name by which agents and models refer to the tool.
    ///   - versionID: The id of this version of the row.
    ///   - implementation: The name of the Swift implementation.
    ///   - description: What the model is told.
    ///   - inputSchema: The schema of the arguments.
    ///   - configuration: The implementation's settings, an object.
    ///   - limits: What one call may use up.
    ///   - effect: What a call does to the world.
    ///   - steps: The steps of a pipeline.
    package init(
        name: String,
        versionID: Int64,
        implementation: String,
        description: String? = nil,
        inputSchema: JSONValue? = nil,
        configuration: JSONValue = [:],
        limits: ToolLimits = ToolLimits(),
        effect: ToolEffect? = nil,
        steps: JSONValue? = nil
    ) {
        self.name = name
        self.versionID = versionID
        self.implementation = implementation
        self.description = description
        self.inputSchema = inputSchema
        self.configuration = configuration
        self.limits = limits
        self.effect = effect
        self.steps = steps
    }

    /// Reads a tool from its row's document.
    ///
    /// - Parameters:
    ///   - name: The row's name.
    ///   - versionID: The id of this version of the row.
    ///   - document: The document as `register` stored it.
    /// - Throws: ``ToolError/Code/configuration`` with every mistake and its place in the document.
    package init(name: String, versionID: Int64, document: JSONValue) throws(ToolError) {
        let problems = DocumentReader.Problems()
        guard let reader = DocumentReader(document, path: "", problems: problems, kind: "tool") else {
            throw ToolError(tool: name, problems: problems.list)
        }
        self.init(
            name: name,
            versionID: versionID,
            implementation: reader.requiredString("implementation") ?? "",
            description: reader.string("description"),
            inputSchema: reader.value("input_schema"),
            configuration: reader.value("configuration") ?? [:],
            effect: Self.effect(in: reader),
            steps: reader.value("steps")
        )
        limits.timeout = reader.seconds("timeout") ?? limits.timeout
        if let bytes = reader.integer("output_limit") { limits.outputBytes = bytes }
        guard problems.list.isEmpty else { throw ToolError(tool: name, problems: problems.list) }
    }

    private static func effect(in reader: DocumentReader) -> ToolEffect? {
        guard let name = reader.string("effect") else { return nil }
        if let effect = ToolEffect(rawValue: name) { return effect }
        let names = ToolEffect.allCases.map(\.rawValue)
        let hint = nearestName(to: name, among: names).map { "; did you mean \"\($0)\"?" } ?? ""
        reader.refuse("effect", "expected one of \(names.joined(separator: ", "))\(hint)")
        return nil
    }
}
