package import Conversation
package import Definitions
internal import JSON
import JSONSchema

/// Makes tools from their rows.
package struct ToolFactory: Sendable {
    /// The implementations that rows can name, by their names.
    package static let implementations: [String: ToolImplementation] = {
        let all = [
            CalculatorTool.implementation, CurrentTimeTool.implementation, FileReadTool.implementation,
            ListDirectoryTool.implementation, FileWriteTool.implementation, FileEditTool.implementation,
            SearchTool.implementation, SQLQueryTool.implementation, HTTPRequestTool.implementation,
            HTTPAPITool.implementation, PipelineTool.implementation, RecallTool.implementation,
            RunPythonTool.implementation, ShellTool.implementation, RunTestsTool.implementation,
            UpdatePlanTool.implementation, RememberTool.implementation, ForgetTool.implementation,
            MemoryInsertTool.implementation, MemoryReplaceTool.implementation, MemoryRethinkTool.implementation,
        ]
        return Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })
    }()

    private let implementations: [String: ToolImplementation]

    /// A factory.
    package init() {
        self.init(adding: [])
    }

    /// A factory that knows more implementations than this library has.
    ///
    /// - Parameter others: The others; one that is named like one of the library's replaces it.
    package init(adding others: [ToolImplementation]) {
        implementations = others.reduce(into: Self.implementations) { $0[$1.name] = $1 }
    }

    /// Makes the tool of a row.
    ///
    /// - Parameters:
    ///   - definition: The row.
    ///   - others: The rows of the tools that a pipeline's steps may call, by name.
    ///   - functions: The functions that they may call, by name.
    /// - Returns: The tool.
    /// - Throws: ``ToolError/Code/configuration`` with every mistake in the row and its place in the document;
    ///   ``ToolError/Code/missingImplementation`` when the row is for a program that has another implementation.
    package func tool(
        for definition: ToolDefinition,
        among others: [String: ToolDefinition] = [:],
        functions: [String: any Tool] = [:]
    ) throws(ToolError) -> any Tool {
        var made = Made(functions: functions)
        return try tool(for: definition, among: others, within: [], &made)
    }

    /// What is wrong with a row as such.
    ///
    /// Nothing is looked up: whether what a pipeline's steps call is there, and that it does not lead back, is for whoever
    /// knows the other rows; and an implementation of an embedding program is known there.
    ///
    /// - Parameter definition: The row.
    /// - Returns: The mistakes with their places in the document.
    package func problems(in definition: ToolDefinition) -> [DocumentProblem] {
        guard !isMissing(definition) else { return [] }
        let problems = DocumentReader.Problems()
        if make(definition, problems) is PipelineTool { _ = PipelineStep.steps(definition.steps ?? [], problems) }
        return problems.list
    }

    /// What steps can call and is made already.
    private struct Made {
        let functions: [String: any Tool]
        var tools: [String: any Tool] = [:]
    }

    /// Makes the tool of a row that is a step of pipelines, the outermost first.
    private func tool(
        for definition: ToolDefinition,
        among others: [String: ToolDefinition],
        within pipelines: [String],
        _ made: inout Made
    ) throws(ToolError) -> any Tool {
        let problems = DocumentReader.Problems()
        var tool = make(definition, problems)
        if let pipeline = tool as? PipelineTool {
            tool = try complete(pipeline, definition, among: others, within: pipelines, problems, &made)
        }
        guard let tool, problems.list.isEmpty else {
            let code = isMissing(definition) ? ToolError.Code.missingImplementation : .configuration
            throw ToolError(tool: definition.name, code, problems: problems.list)
        }
        return tool
    }

    /// Makes a tool, a pipeline without its steps.
    private func make(_ definition: ToolDefinition, _ problems: DocumentReader.Problems) -> (any Tool)? {
        guard let implementation = implementations[definition.implementation] else {
            problems.list.append(unknown(definition.implementation))
            return nil
        }
        let schema = definition.inputSchema ?? ToolParameter.schema(implementation.parameters)
        if let message = Self.problem(withSchema: schema) {
            DocumentReader([:], path: "input_schema", problems: problems)?.refuse(nil, message)
        }
        let specification = ToolSpecification(
            name: definition.name,
            description: definition.description ?? implementation.description,
            inputSchema: JSONText(SchemaOrder.applied(to: schema))
        )
        let settings = ToolSettings(
            specification: specification,
            effect: definition.effect ?? implementation.effect,
            limits: definition.limits,
            statedEffect: definition.effect,
            versionID: definition.versionID
        )
        let reader = DocumentReader(definition.configuration, path: "configuration", problems: problems)
        reader?.refuseMembers(otherThan: implementation.configurationMembers)
        return reader.map { implementation.make(settings, $0) }
    }

    /// Gives a pipeline its steps, and the tools that they call.
    private func complete(
        _ pipeline: PipelineTool,
        _ definition: ToolDefinition,
        among others: [String: ToolDefinition],
        within pipelines: [String],
        _ problems: DocumentReader.Problems,
        _ made: inout Made
    ) throws(ToolError) -> PipelineTool {
        let path = pipelines + [definition.name]
        let steps = PipelineStep.steps(definition.steps ?? [], problems)
        var tools: [String: any Tool] = [:]
        for (index, step) in steps.enumerated() {
            let place = "steps[\(index)].\(step.isFunction ? "function" : "tool")"
            if step.isFunction {
                if let function = made.functions[step.tool] {
                    tools[step.tool] = function
                } else {
                    let message = "there is no function \"\(step.tool)\""
                    problems.list.append(DocumentProblem(path: place, message: message))
                }
            } else if tools[step.tool] != nil {
                continue
            } else if path.contains(step.tool) {
                let cycle = (path + [step.tool]).joined(separator: " → ")
                problems.list.append(DocumentProblem(path: place, message: "the pipeline calls itself: \(cycle)"))
            } else if path.count >= PipelineTool.maximumDepth, others[step.tool]?.steps != nil {
                let message = "pipelines stand within pipelines more than \(PipelineTool.maximumDepth) deep"
                problems.list.append(DocumentProblem(path: place, message: message))
            } else if let known = made.tools[step.tool] {
                tools[step.tool] = known
            } else if let other = others[step.tool] {
                let new = try tool(for: other, among: others, within: path, &made)
                tools[step.tool] = new
                made.tools[step.tool] = new
            } else {
                problems.list.append(DocumentProblem(path: place, message: "there is no tool \"\(step.tool)\""))
            }
        }
        return pipeline.with(steps: steps, tools: try ToolRouter(tools.keys.sorted().compactMap { tools[$0] }))
    }

    /// Whether an embedding program has the implementation, and this one does not.
    private func isMissing(_ definition: ToolDefinition) -> Bool {
        implementations[definition.implementation] == nil && ImplementationName.isOfProgram(definition.implementation)
    }

    private func unknown(_ name: String) -> DocumentProblem {
        let names = implementations.keys.sorted()
        if ImplementationName.isOfProgram(name) {
            return DocumentProblem(
                path: "implementation",
                message: ImplementationName.absence(of: name, among: names)
            )
        }
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
            _ = try ArgumentBinding.split(schema)
            return nil
        } catch let error as ToolError {
            return error.message
        } catch {
            return "not a JSON Schema: \(error)"
        }
    }
}
