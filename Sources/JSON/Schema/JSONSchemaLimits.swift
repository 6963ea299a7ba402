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

    /// The most problems that are told of a schema that does not compile, 50 by default.
    public var maximumProblems = 50

    /// How deep subschemas and references may lead during a validation, 1,600 by default.
    ///
    /// It lets a schema that refers to itself follow a document of the deepest nesting the parser accepts, with three
    /// subschemas for each level, and it ends references that lead back to themselves.
    public var maximumDepth = 1_600

    /// The steps a validation may take, 10,000,000 by default: a subschema applied to a value is about one.
    public var maximumSteps = 10_000_000

    /// The time a validation may spend in patterns, one second by default.
    public var maximumPatternTime = Duration.seconds(1)

    /// The limits when none are given.
    public static let `default` = JSONSchemaLimits()

    /// Makes the default limits, to be changed one by one.
    public init() {}
}
