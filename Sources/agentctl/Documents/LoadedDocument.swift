import Definitions
import Engine
import JSON

/// A document and the file that it came from.
struct LoadedDocument: Sendable {
    /// The file as it was named.
    let file: String
    /// What the document says.
    var value: JSONValue
    /// Where in the file its values are.
    let positions: any SourcePositions

    /// The kind and name, as far as the document has them.
    var label: String {
        [value["kind"], value["name"]].compactMap { $0?.stringValue }.joined(separator: " ")
    }

    /// A mistake that has a place in a field's text, or none.
    func locate(_ finding: DocumentFinding) -> LocatedMistake {
        guard let place = finding.place else {
            return locate(path: finding.path, problem: finding.problem, expected: finding.expected)
        }
        let steps = [PathStep](finding.path, in: value)
        if let position = positions.position(ofLine: place.line, column: place.column, in: steps) {
            return LocatedMistake(
                file: file,
                position: position,
                document: label,
                path: finding.path,
                problem: finding.problem
            )
        }
        return locate(
            path: finding.path,
            problem: "\(finding.problem) (line \(place.line), column \(place.column) of it)"
        )
    }

    /// A mistake in this document, with its place in the file.
    func locate(
        path: String,
        problem: String,
        expected: String? = nil,
        nearest: String? = nil,
        isKeyWanted: Bool = false
    ) -> LocatedMistake {
        LocatedMistake(
            file: file,
            position: positions.position(of: [PathStep](path, in: value), isKeyWanted: isKeyWanted),
            document: label,
            path: path,
            problem: problem,
            expected: expected,
            nearest: nearest
        )
    }
}
