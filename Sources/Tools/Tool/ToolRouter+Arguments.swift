package import Conversation
import Definitions
package import JSON
import JSONSchema

extension ToolRouter {
    /// The tool that a call names.
    ///
    /// - Throws: ``ToolError/Code/notFound`` with the nearest name and all names.
    package func entry(named name: String) throws(ToolError) -> Entry {
        if let entry = entries[name] { return entry }
        let names = specifications.map(\.name)
        guard !names.isEmpty else { throw ToolError(.notFound, "There are no tools. Answer without them.") }
        let hint = nearestName(to: name, among: names).map { " Did you mean \"\($0)\"?" } ?? ""
        let list = names.prefix(50).joined(separator: ", ")
        throw ToolError(.notFound, "There is no tool \"\(name.prefix(utf8: 100))\".\(hint) The tools are: \(list).")
    }

    /// The arguments of a call, parsed and checked.
    ///
    /// - Parameters:
    ///   - request: The call.
    ///   - entry: The tool.
    ///   - isWhole: Whether the caller says too what the engine fills in for models.
    /// - Throws: ``ToolError/Code/invalidArguments`` with what is wrong and what the tool takes.
    package static func arguments(
        of request: ToolCallRequest,
        for entry: Entry,
        isWhole: Bool = false
    ) throws(ToolError) -> JSONValue {
        var options = JSONParserOptions.default
        options.maximumBytes = maximumArgumentBytes
        options.maximumDepth = 64
        // Rounded, the id of a thing would be that of another.
        options.refusesLargeIntegers = true
        // Models write nothing for a tool without arguments, or null, or an empty list.
        let text = request.arguments.allSatisfy(\.isWhitespace) ? "{}" : request.arguments
        let value: JSONValue
        do {
            let written = try JSONValue(parsing: text, options: options)
            value = written.isNull || written.arrayValue?.isEmpty == true ? [:] : written
        } catch {
            throw ToolError(
                .invalidArguments,
                "The arguments are not valid JSON: \(error.message) (line \(error.line), column \(error.column)). "
                    + "Send one JSON object."
            )
        }
        if !isWhole, let own = entry.bindings.first(where: { value[$0.name] != nil }) {
            // Rules and approvers would decide about a value that is not the call's.
            throw ToolError(.invalidArguments, "The argument \"\(own.name)\" is filled in for you. Leave it out.")
        }
        let violations = (isWhole ? entry.wholeSchema : entry.schema).validate(value, limit: 8)
        guard violations.isEmpty else { throw error(for: violations, tool: entry.tool) }
        return value
    }

    /// Whether a call is refused whenever it is made: no such tool, malformed arguments, or what the tool never does.
    package func isRefused(_ request: ToolCallRequest) -> Bool {
        do throws(ToolError) {
            let entry = try entry(named: request.name)
            try entry.tool.check(try Self.arguments(of: request, for: entry), in: nil)
            return false
        } catch {
            return true
        }
    }

    private static func error(for violations: [JSONSchemaViolation], tool: any Tool) -> ToolError {
        let list = violations.map { violation in
            let place = violation.instancePath.isEmpty ? "the arguments" : violation.instancePath
            return "- \(place): \(violation.message)"
        }
        var message = "The arguments do not fit the tool's schema:\n" + list.joined(separator: "\n")
        let schema = tool.specification.inputSchema.string
        if schema.utf8.count <= 2_048 { message += "\nThe schema is: \(schema)" }
        return ToolError(.invalidArguments, message)
    }
}

extension ToolRouter.Entry {
    /// The arguments of a call with what the engine fills in.
    func arguments(of request: ToolCallRequest, in context: ToolContext) async throws(ToolError) -> JSONValue {
        guard !bindings.isEmpty else { return try ToolRouter.arguments(of: request, for: self) }
        if case .arguments = context.asker {
            return try ToolRouter.arguments(of: request, for: self, isWhole: true)
        }
        let given = try ToolRouter.arguments(of: request, for: self)
        guard case .asked(let ask) = context.asker else {
            throw ToolError(.denied, "The tool is for calls in a conversation.")
        }
        var filled = given.objectValue ?? [:]
        let asker = try await ask()
        for binding in bindings { filled[binding.name] = .string(asker.value(binding.value)) }
        // What is filled in has to fit as well: the tool was promised it.
        let whole = JSONValue.object(filled)
        if let violation = wholeSchema.validate(whole, limit: 1).first {
            throw ToolError(
                .denied,
                "The tool is not for this conversation: what is filled in does not fit its schema: "
                    + "\(violation.instancePath): \(violation.message)"
            )
        }
        return whole
    }
}

extension ToolSpecification {
    /// The same with another schema.
    func with(inputSchema: JSONValue) -> ToolSpecification {
        ToolSpecification(name: name, description: description, inputSchema: JSONText(inputSchema))
    }
}
