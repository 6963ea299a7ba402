/// How large a schema may be, and how much work a validation.
///
/// The limits count, they do not measure time: the same schema and value always end the same way. The one exception
/// are patterns, whose matching has a backstop in CPU time.
public struct JSONSchemaLimits: Sendable, Hashable {
    /// The most subschemas in all documents that are used, 10,000 by default.
    public var maximumSchemas = 10_000

    /// The most JSON values in all documents that are used, 200,000 by default.
    public var maximumValues = 200_000

    /// The most different patterns, 1,000 by default.
    public var maximumPatterns = 1_000

    /// The most problems that are reported of a schema that does not compile, 50 by default.
    public var maximumProblems = 50

    /// The longest identifier, reference or path to a subschema in bytes, 8,192 by default.
    public var maximumPathBytes = 8_192

    /// How deep subschemas and references may lead during a validation, 600 by default.
    ///
    /// It ends references that lead back to themselves. A schema that refers to itself follows a document some 200 to
    /// 300 levels down. The deepest recursion needs 1.5 MB of stack; ask for more only with a larger stack.
    public var maximumDepth = 600

    /// The steps a validation may take, 5,000,000 by default: a subschema applied to a value is about one.
    public var maximumSteps = 5_000_000

    /// The time a validation may spend in patterns, one second by default.
    public var maximumPatternTime = Duration.seconds(1)

    /// The limits when none are given.
    public static let `default` = JSONSchemaLimits()

    /// Makes the default limits, to be changed one by one.
    public init() {}
}
