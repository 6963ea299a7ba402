package import Definitions
package import JSON

/// A SQL function's source as the server is given it: each `:name` is an expression over the arguments, which travel as
/// one parameter and are never part of the text.
package struct SQLTranslation: Sendable, Hashable {
    /// A stretch of the statement that begins as one of the source does.
    private struct Piece: Sendable, Hashable {
        let statementOffset: Int
        let sourceOffset: Int
        let isArgument: Bool
    }

    /// The statement, with the arguments as `$1`.
    package let statement: String
    private let pieces: [Piece]
    private let source: [Unicode.Scalar]

    /// Translates a source.
    ///
    /// - Parameters:
    ///   - source: One statement.
    ///   - inputSchema: The schema of the arguments, which says what type each has.
    ///   - problems: Gets what is wrong.
    package init(_ source: String, inputSchema: JSONValue, problems: inout [FunctionProblem]) {
        let scalars = Array(source.unicodeScalars)
        let properties = inputSchema["properties"]?.objectValue ?? [:]
        var scanner = SQLScanner(scalars)
        var result = String.UnicodeScalarView()
        var pieces: [Piece] = []
        var length = 0
        var isOver = false
        var start = 0
        func refuse(_ message: String) {
            problems.append(FunctionProblem("source", at: .init(offset: start, in: scalars), message))
        }
        while let token = scanner.next() {
            defer { start = scanner.offset }
            var text = scalars[start..<scanner.offset]
            var isArgument = false
            switch token {
            // A semicolon may end the statement.
            case .semicolon: isOver = true
            case .blank: break
            case _ where isOver:
                refuse("a function is one statement; this begins a second")
                start = scalars.count
            case .positional: refuse("arguments are written :name, not by number")
            case .argument(let name):
                isArgument = true
                guard let schema = properties[name] else {
                    refuse(Self.unknown(name, properties.keys))
                    break
                }
                text = ArraySlice(Self.expression(for: name, schema).unicodeScalars)
            case .text: break
            }
            if start == scalars.count { break }
            if isOver { continue }
            pieces.append(Piece(statementOffset: length, sourceOffset: start, isArgument: isArgument))
            result.append(contentsOf: text)
            length += text.count
        }
        statement = String(result)
        self.pieces = pieces
        self.source = scalars
    }

    /// Where in the source a place of the statement comes from.
    ///
    /// - Parameter position: A place in the statement, counted in characters from 1 as the server counts.
    package func place(ofPosition position: Int) -> FunctionProblem.Place {
        let offset = position - 1
        guard let piece = pieces.last(where: { $0.statementOffset <= offset }) else {
            return FunctionProblem.Place(offset: 0, in: source)
        }
        let within = piece.isArgument ? 0 : offset - piece.statementOffset
        return FunctionProblem.Place(offset: piece.sourceOffset + within, in: source)
    }

    /// The expression for an argument, by the type that its schema names.
    private static func expression(for name: String, _ schema: JSONValue) -> String {
        let names =
            schema["type"]?.arrayValue?.compactMap(\.stringValue) ?? schema["type"]?.stringValue.map { [$0] } ?? []
        let types = names.filter { $0 != "null" }
        switch types.count == 1 ? types[0] : "" {
        // Through numeric: 2.0 is an integer to JSON Schema, and not to bigint.
        case "integer": return "($1 ->> '\(name)')::numeric::bigint"
        case "number": return "($1 ->> '\(name)')::numeric"
        case "boolean": return "($1 ->> '\(name)')::boolean"
        case "string": return "($1 ->> '\(name)')::text"
        default: return "($1 -> '\(name)')"
        }
    }

    private static func unknown(_ name: String, _ known: [String]) -> String {
        let hint = nearestName(to: name, among: known).map { "; did you mean :\($0)?" } ?? ""
        return "input_schema has no property \"\(name)\"\(hint)"
    }
}
