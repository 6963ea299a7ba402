import Patterns

/// Keywords for strings.
struct StringKeywords: Sendable {
    var minimumLength: Int?
    var maximumLength: Int?
    var pattern: Pattern?
}
