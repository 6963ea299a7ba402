public import JSON

/// A compiled JSON Schema, draft 2020-12.
///
/// Compiling reads the schema once, follows its references and reports all its faults; validating is then fast and may
/// happen on any number of threads at once. Nothing is ever fetched: documents that a schema refers to are given as
/// `resources`; the draft's own metaschemas are built in.
///
/// - `format` is an annotation and never refuses a value; so are `contentEncoding`, `contentMediaType` and
///   `contentSchema`.
/// - `pattern` and `patternProperties` are ECMA-262 patterns with bounded matching. When a pattern gives up, the
///   value is refused with a violation that says so.
/// - A schema whose `$schema` names draft 4, 6, 7 or 2019-09 is read as 2020-12. `definitions` and `dependencies` are
///   still understood, an array of `items` is refused, and other keywords that have gone since are ignored.
/// - A schema and the values it validates are untrusted: see ``JSONSchemaLimits``.
///
/// ```swift
/// let schema = try JSONSchema(["type": "object", "required": ["query"], "properties": ["limit": ["type": "integer"]]])
/// schema.validate(["limit": "ten"]).map(\.description)
/// // ["required member \"query\" is missing, found \"limit\"", "/limit: expected integer, found string \"ten\""]
/// ```
public struct JSONSchema: Sendable {
    /// The schema as it was given.
    public let source: JSONValue

    private let program: SchemaProgram

    /// Compiles a schema.
    ///
    /// - Parameters:
    ///   - schema: The schema, an object or a boolean.
    ///   - resources: Documents that the schema may refer to, by their absolute URIs.
    ///   - limits: How large the schema may be, and how much work a validation.
    /// - Throws: ``JSONSchemaError`` with all problems found, each with its place in the schema.
    public init(
        _ schema: JSONValue,
        resources: [String: JSONValue] = [:],
        limits: JSONSchemaLimits = .default
    ) throws(JSONSchemaError) {
        source = schema
        program = try SchemaCompiler.compile(schema, resources: resources, limits: limits)
    }

    /// Finds what is wrong with a schema.
    ///
    /// - Parameters:
    ///   - schema: What should be a schema.
    ///   - resources: Documents that the schema may refer to, by their absolute URIs.
    /// - Returns: The problems with their places, at most ``JSONSchemaLimits/maximumProblems``; none when the schema
    ///   compiles.
    public static func problems(
        in schema: JSONValue,
        resources: [String: JSONValue] = [:]
    ) -> [JSONSchemaProblem] {
        do {
            _ = try SchemaCompiler.compile(schema, resources: resources, limits: .default)
            return []
        } catch {
            return error.problems
        }
    }

    /// Finds where a value violates the schema.
    ///
    /// - Parameters:
    ///   - instance: The value.
    ///   - limit: The most violations to return, at least one.
    /// - Returns: The violations in the order of their discovery; none when the value is valid.
    public func validate(_ instance: JSONValue, limit: Int = 20) -> [JSONSchemaViolation] {
        // Most values are valid, and the paths for messages cost more than the checks.
        if accepts(instance) { return [] }
        var validator = SchemaValidator(program, violationLimit: max(1, limit))
        return validator.violations(of: instance)
    }

    /// Whether a value is valid; faster than listing violations.
    ///
    /// - Parameter instance: The value.
    public func accepts(_ instance: JSONValue) -> Bool {
        var validator = SchemaValidator(program, violationLimit: 0)
        return validator.accepts(instance)
    }
}
