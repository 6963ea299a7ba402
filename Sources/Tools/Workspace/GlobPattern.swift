package import Conversation
internal import Patterns

/// A pattern over paths: `*` and `?` stay within a name, `**` goes through directories, `[a-z]` is a set of characters,
/// and `{a,b}` are alternatives.
///
/// A pattern without a slash is about names, wherever they are; one with a slash is about the whole path. It is
/// translated into a regular expression, so that matching is bounded.
package struct GlobPattern: Sendable {
    private let pattern: Pattern
    private let isAboutNames: Bool
    /// The same for paths that fit, or are in a directory that does.
    private let covering: Pattern

    /// A pattern.
    ///
    /// - Throws: ``ToolError/Code/invalidArguments`` if it is too long or has an unclosed bracket.
    package init(_ source: String) throws(ToolError) {
        isAboutNames = !source.contains("/")
        do {
            pattern = try Pattern("(?s)\\A\(try Self.expression(source))\\z")
            // What is about all in a directory is about the directory as well.
            let isWhole = source.hasSuffix("/**") && source.utf8.count > 3
            let body = try Self.expression(isWhole ? String(source.dropLast(3)) : source)
            covering = try Pattern("(?s)\(isAboutNames ? "(?:\\A|/)" : "\\A")\(body)(?:/.*)?\\z")
        } catch {
            throw ToolError(.invalidArguments, "The file pattern is not right: \(error). For example: **/*.swift")
        }
    }

    /// Whether a path fits; one that would take too long to tell does not.
    package func matches(path: String) -> Bool {
        let subject =
            isAboutNames ? path[(path.lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex)...] : path[...]
        do { return try pattern.matches(String(subject)) } catch { return false }
    }

    /// Whether a path fits, or is in a directory that does; `secrets/**` is about `secrets` as well.
    ///
    /// That is how rules are read that ask or deny.
    package func covers(path: String) -> Bool {
        do { return try covering.matches(path) } catch { return true }
    }

    private struct Unclosed: Error, CustomStringConvertible {
        let description: String
    }

    private static func expression(_ source: String) throws -> String {
        var result = ""
        var rest = Array(source.unicodeScalars)[...]
        if rest.starts(with: "./".unicodeScalars) { rest = rest.dropFirst(2) }
        var depth = 0
        while let scalar = rest.popFirst() {
            switch scalar {
            case "*" where rest.first == "*":
                rest = rest.drop { $0 == "*" }
                if rest.first == "/" {
                    rest = rest.dropFirst()
                    result += "(?:.*/)?"
                } else {
                    result += ".*"
                }
            case "*": result += "[^/]*"
            case "?": result += "[^/]"
            case "[": result += try set(&rest)
            case "{":
                depth += 1
                result += "(?:"
            case "}" where depth > 0:
                depth -= 1
                result += ")"
            case "," where depth > 0: result += "|"
            default: result += literal(scalar)
            }
        }
        guard depth == 0 else { throw Unclosed(description: "a { is not closed") }
        return result
    }

    /// A set of characters, without its opening bracket.
    private static func set(_ rest: inout ArraySlice<Unicode.Scalar>) throws -> String {
        var members: [Unicode.Scalar] = []
        var isNegated = false
        if rest.first == "!" || rest.first == "^" {
            isNegated = true
            rest = rest.dropFirst()
        }
        while let scalar = rest.popFirst() {
            if scalar == "]", !members.isEmpty {
                let inner = members.map { $0 == "-" ? "-" : literal($0) }.joined()
                return "(?!/)[\(isNegated ? "^" : "")\(inner)]"
            }
            members.append(scalar)
        }
        throw Unclosed(description: "a [ is not closed")
    }

    private static func literal(_ scalar: Unicode.Scalar) -> String {
        let isPlain =
            scalar.value > 0x7F || scalar == "_" || scalar == "/" || scalar.properties.isAlphabetic
            || ("0"..."9").contains(scalar)
        return isPlain ? String(scalar) : "\\x{\(String(scalar.value, radix: 16))}"
    }
}
