package import Conversation
internal import Paths
internal import Patterns

/// A pattern over paths: `*` and `?` stay within a name, `**` goes through directories, `[a-z]` is a set of characters,
/// and `{a,b}` are alternatives, each of which is a pattern by itself.
///
/// A pattern without a slash is about names, wherever they are; one with a slash is about the whole path. A slash at the
/// end says nothing. It is translated into a regular expression, so that matching is bounded.
package struct GlobPattern: Sendable {
    private let pattern: Pattern
    /// The same for paths that fit, or are in a directory that does.
    private let covering: Pattern

    /// A pattern.
    ///
    /// - Throws: ``ToolError/Code/invalidArguments`` if it is too long or has an unclosed bracket.
    package init(_ source: String) throws(ToolError) {
        do {
            try self.init(GlobAlternatives(source))
        } catch {
            throw ToolError(.invalidArguments, "The file pattern is not right: \(error). For example: **/*.swift")
        }
    }

    /// The pattern of a rule.
    ///
    /// - Throws: ``ToolError/Code/invalidArguments`` as for others, and for one that no path fits: it would hold nothing,
    ///   and nobody would notice.
    package init(ofRule source: String) throws(ToolError) {
        do {
            let alternatives = try GlobAlternatives(source)
            if let none = alternatives.list.first(where: Self.fitsNothing) {
                let reason = "no path fits \"\(none)\": paths begin in the workspace, and have no . and .."
                throw GlobAlternatives.Malformed(reason)
            }
            try self.init(alternatives)
        } catch {
            throw ToolError(.invalidArguments, "The file pattern is not right: \(error). For example: secrets/**")
        }
    }

    private init(_ alternatives: GlobAlternatives) throws {
        let paths = alternatives.list.filter(Self.isAboutPaths)
        let names = alternatives.list.filter { !Self.isAboutPaths($0) }
        let whole = try [("(?>.*/|)", names), ("", paths)].compactMap(Self.joined).joined(separator: "|")
        pattern = try Pattern("(?s)\\A(?:\(whole))\\z")
        // What is about all in a directory is about the directory as well.
        let directories = paths.map { path in
            let parts = path.pathComponents
            return parts.last == "**" && path != "/**" ? parts.dropLast().joined(separator: "/") : path
        }
        let begun = try [("(?:\\A|/)", names), ("\\A", directories)].compactMap(Self.joined).joined(separator: "|")
        covering = try Pattern("(?s)(?:\(begun))(?:/.*)?\\z")
    }

    /// Whether a path fits; one that would take too long to tell does not.
    package func matches(path: String) -> Bool {
        do { return try pattern.matches(path) } catch { return false }
    }

    /// Whether a path fits, or is in a directory that does; `secrets/**` is about `secrets` as well.
    ///
    /// That is how rules are read that ask or deny.
    package func covers(path: String) -> Bool {
        do { return try covering.matches(path) } catch { return true }
    }

    private static func isAboutPaths(_ source: String) -> Bool { source.pathComponents.count > 1 }

    private static func fitsNothing(_ source: String) -> Bool {
        source.pathComponents.contains { ["", ".", ".."].contains($0) }
    }

    /// One expression for all that begins the same way; nil for nothing.
    private static func joined(_ beginning: String, _ sources: [String]) throws -> String? {
        if sources.isEmpty { return nil }
        return "\(beginning)(?:\(try sources.map(expression).joined(separator: "|")))"
    }

    private static func expression(_ source: String) throws -> String {
        var result = ""
        var rest = Array(source.unicodeScalars)[...]
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
            case "[":
                let (isNegated, members) = try GlobAlternatives.set(&rest)
                let inner = members.map { $0 == "-" ? "-" : literal($0) }.joined()
                result += "(?!/)[\(isNegated ? "^" : "")\(inner)]"
            default: result += literal(scalar)
            }
        }
        return result
    }

    private static func literal(_ scalar: Unicode.Scalar) -> String {
        let isPlain =
            scalar.value > 0x7F || scalar == "_" || scalar == "/" || scalar.properties.isAlphabetic
            || ("0"..."9").contains(scalar)
        return isPlain ? String(scalar) : "\\x{\(String(scalar.value, radix: 16))}"
    }
}
