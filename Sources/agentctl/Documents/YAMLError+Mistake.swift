import YAML

extension YAMLError {
    /// The error with its place, without any part of the file.
    func mistake(in file: String) -> LocatedMistake {
        let place = SourcePosition(mark)
        return switch code {
        case .depth: LocatedMistake(file: file, position: place, problem: problem)
        case .duplicateKeys:
            LocatedMistake(
                file: file,
                position: place,
                problem: "\(problem): \(keys.map { "\"\($0.prefix(64))\"" }.joined(separator: ", "))",
                expected: "each key once in a mapping"
            )
        case .syntax, .unknownAlias, .unwritable:
            LocatedMistake(
                file: file,
                position: place,
                problem: "is not YAML: \(problem)\(context.map { " (\($0))" } ?? "")"
            )
        }
    }
}
