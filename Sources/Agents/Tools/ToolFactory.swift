internal import JSON

/// Makes tools from their rows.
public struct ToolFactory: Sendable {
    /// The implementations that rows can name, by their names.
    public static let implementations: [String: ToolImplementation] = {
        let all = [
            CalculatorTool.implementation, CurrentTimeTool.implementation, FileReadTool.implementation,
            ListDirectoryTool.implementation, FileWriteTool.implementation, FileEditTool.implementation,
            SearchTool.implementation, SQLQueryTool.implementation,
        ]
        return Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })
    }()

    private let implementations: [String: ToolImplementation]

    /// A factory.
    public init() {
        self.init(adding: [])
    }

    /// A factory that knows more implementations than this library has.
    ///
    /// - Parameter others: The others; one that is named like one of the library's replaces it.
    init(adding others: [ToolImplementation]) {
        implementations = others.reduce(into: Self.implementations) { $0[$1.name] = $1 }
    }

    /// Makes the tool of a row.
    ///
    /// - Parameter definition: The row.
    /// - Returns: The tool.
    /// - Throws: ``ToolError/Code/configuration`` with every mistake in the row and its place in the document.
    public func tool(for definition: ToolDefinition) throws(ToolError) -> any Tool {
        guard let implementation = implementations[definition.implementation] else {
            throw ToolError(tool: definition.name, problems: [unknown(definition.implementation)])
        }
        let problems = DocumentReader.Problems()
        let schema = definition.inputSchema ?? ToolParameter.schema(implementation.parameters)
        if let message = Self.problem(withSchema: schema) {
            DocumentReader([:], path: "input_schema", problems: problems)?.refuse(nil, message)
        }
        let specification = ToolSpecification(
            name: definition.name,
            description: definition.description ?? implementation.description,
            inputSchema: JSONText(schema)
        )
        let settings = ToolSettings(
            specification: specification,
            effect: definition.effect ?? implementation.effect,
            limits: definition.limits,
            statedEffect: definition.effect
        )
        let reader = DocumentReader(definition.configuration, path: "configuration", problems: problems)
        reader?.refuseMembers(otherThan: implementation.configurationMembers)
        let tool = reader.map { implementation.make(settings, $0) }
        guard let tool, problems.list.isEmpty else { throw ToolError(tool: definition.name, problems: problems.list) }
        return tool
    }

    private func unknown(_ name: String) -> DocumentProblem {
        let names = implementations.keys.sorted()
        let hint = nearestName(to: name, among: names).map { "; did you mean \"\($0)\"?" } ?? ""
        return DocumentProblem(
            path: "implementation",
            message: "expected one of \(names.joined(separator: ", ")), found \"\(name)\"\(hint)"
        )
    }

    private static func problem(withSchema schema: JSONValue) -> String? {
        guard schema["type"]?.stringValue == "object" else { return "expected a schema with \"type\": \"object\"" }
        do {
            _ = try JSONSchema(schema)
            return nil
        } catch {
            return "not a JSON Schema: \(error)"
        }
    }
}
