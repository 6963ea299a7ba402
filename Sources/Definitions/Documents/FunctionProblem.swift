/// Something that is wrong with a function's document and that the database cannot see.
package struct FunctionProblem: Sendable, Hashable, CustomStringConvertible {
    /// A place in the source.
    package struct Place: Sendable, Hashable {
        /// The line, from 1.
        package let line: Int
        /// The column in Unicode scalars, from 1.
        package let column: Int

        /// A place.
        package init(line: Int, column: Int) {
            self.line = line
            self.column = column
        }

        /// The place of a scalar, counted from 0, in a text.
        package init(offset: Int, in scalars: [Unicode.Scalar]) {
            let before = scalars[..<min(max(0, offset), scalars.count)]
            let lineStart = before.lastIndex(of: "\n").map { $0 + 1 } ?? 0
            line = before.count { $0 == "\n" } + 1
            column = before.count - lineStart + 1
        }
    }

    /// The field: `source`, `input_schema.properties.x`.
    package let path: String
    /// Where in the source; nil for other fields.
    package let place: Place?
    /// What is wrong.
    package let message: String

    /// A problem.
    ///
    /// - Parameters:
    ///   - path: The field.
    ///   - place: Where in the source.
    ///   - message: What is wrong.
    package init(_ path: String, at place: Place? = nil, _ message: String) {
        self.path = path
        self.place = place
        self.message = message
    }

    /// The field, the place and what is wrong, on one line.
    package var description: String {
        place.map { "\(path):\($0.line):\($0.column): \(message)" } ?? "\(path): \(message)"
    }
}
