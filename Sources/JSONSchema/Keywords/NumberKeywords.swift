import JSON

/// Keywords for numbers; the bounds are numbers themselves.
struct NumberKeywords: Sendable {
    var multipleOf: JSONValue?
    var minimum: JSONValue?
    var maximum: JSONValue?
    var exclusiveMinimum: JSONValue?
    var exclusiveMaximum: JSONValue?

    /// Decimal division takes a while.
    var cost: Int { multipleOf == nil ? 0 : 32 }
}
