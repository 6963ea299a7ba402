package import Conversation
import Definitions
package import JSON
package import JSONSchema
package import Sandbox
internal import Synchronization

/// A version of a function with all that is made of it once: schemas, the statement, bytecode.
package final class CompiledFunction: Sendable {
    package let definition: FunctionDefinition
    package let inputSchema: JSONSchema
    package let outputSchema: JSONSchema?
    /// For SQL.
    package let translation: SQLTranslation?
    private let bytecode = Mutex<[UInt8]?>(nil)

    /// Compiles what can be compiled without the sandbox.
    ///
    /// - Throws: ``ToolError/Code/configuration`` with what is wrong.
    package init(_ definition: FunctionDefinition) throws(ToolError) {
        self.definition = definition
        do throws(JSONSchemaError) {
            inputSchema = try JSONSchema(definition.inputSchema)
            outputSchema = try definition.outputSchema.map { schema throws(JSONSchemaError) in try JSONSchema(schema) }
        } catch {
            throw ToolError(
                .configuration,
                "the function \"\(definition.name)\" has a schema that is not valid: \(error)",
                isFatal: true
            )
        }
        guard definition.language == .sql else {
            translation = nil
            return
        }
        var problems: [FunctionProblem] = []
        translation = SQLTranslation(definition.source, inputSchema: definition.inputSchema, problems: &problems)
        guard problems.isEmpty else {
            let list = problems.map(\.description).joined(separator: "; ")
            throw ToolError(.configuration, "the function \"\(definition.name)\": \(list)", isFatal: true)
        }
    }

    /// What the arguments have against the schema, on one line; nil when they fit.
    package func complaint(about arguments: JSONValue) -> String? {
        Self.complaint(inputSchema.validate(arguments, limit: 8), about: "the arguments do not fit input_schema")
    }

    /// What a result has against the schema; nil when it fits.
    package func complaint(aboutResult result: JSONValue) -> String? {
        guard let outputSchema else { return nil }
        return Self.complaint(outputSchema.validate(result, limit: 8), about: "the result does not fit output_schema")
    }

    private static func complaint(_ violations: [JSONSchemaViolation], about what: String) -> String? {
        guard !violations.isEmpty else { return nil }
        let list = violations.map { violation in
            violation.instancePath.isEmpty ? violation.message : "\(violation.instancePath): \(violation.message)"
        }
        return "\(what): \(list.joined(separator: "; "))"
    }

    /// The module, compiled by the first call.
    ///
    /// A row that was stored without its source being looked at, by SQL or where there was no sandbox, is looked at now.
    ///
    /// - Returns: The bytecode; nil when the interpreter gives none.
    /// - Throws: `SandboxError` when the module cannot be looked at, ``Unsound`` when something is wrong with it.
    package func bytecode(by sandbox: Sandbox) async throws -> [UInt8]? {
        if let known = bytecode.withLock({ $0 }) { return known }
        let module = try await sandbox.check(
            definition.source,
            entryPoint: definition.name,
            allowedImports: definition.allowedImports,
            isSafeMode: definition.isSafeMode
        )
        guard module.problems.isEmpty else { throw Unsound(problems: module.problems) }
        bytecode.withLock { $0 = module.bytecode }
        return module.bytecode
    }

    /// The source has something wrong with it.
    struct Unsound: Error {
        package let problems: [PythonModule.Problem]

        package var message: String {
            problems.prefix(5).map { "line \($0.line), column \($0.column): \($0.message)" }.joined(separator: "; ")
        }
    }
}
