import Definitions
import Engine
import JSON
import Store

/// Tells what is wrong with a conversation's file, with the places in it.
struct ConversationMistakes {
    /// More than a person reads; finding a place in a large file takes its time.
    private static let maximumShown = 20

    private let bytes: [UInt8]
    private let file: String

    init(_ bytes: [UInt8], file: String) {
        self.bytes = bytes
        self.file = file
    }

    /// The failure of reading the file.
    func failure(_ error: ConversationFileError) -> CommandFailure {
        if let line = error.line, let column = error.column {
            let position = SourcePosition(line: line, column: column)
            let mistakes = error.problems.map { LocatedMistake(file: file, position: position, problem: $0.message) }
            return failure(mistakes, of: mistakes.count)
        }
        let found = error.problems.map { (path: $0.path, problem: $0.message, expected: String?.none) }
        return failure(located(found, in: error.value ?? .null), of: found.count)
    }

    /// The failure of storing it.
    func failure(_ error: StoreError) -> any Error {
        guard let problems = error.problems?.arrayValue, !problems.isEmpty, let value = try? JSONValue(parsing: bytes)
        else { return error }
        let found = problems.map { problem in
            (
                path: problem["path"]?.stringValue ?? "", problem: problem["problem"]?.stringValue ?? "",
                expected: problem["expected"]?.stringValue
            )
        }
        return failure(located(found, in: value), of: found.count)
    }

    private func located(
        _ problems: [(path: String, problem: String, expected: String?)],
        in value: JSONValue
    ) -> [LocatedMistake] {
        let positions = JSONPositions(bytes, prefix: [])
        return problems.prefix(Self.maximumShown).map { found in
            let place = positions.position(of: [PathStep](found.path, in: value), isKeyWanted: false)
            return LocatedMistake(
                file: file,
                position: place,
                path: found.path,
                problem: found.problem,
                expected: found.expected
            )
        }
    }

    private func failure(_ mistakes: [LocatedMistake], of count: Int) -> CommandFailure {
        let problems = count == 1 ? "1 problem" : "\(count) problems"
        let rest = count > mistakes.count ? ", of which the first \(mistakes.count) are listed" : ""
        return CommandFailure(
            .refused,
            code: "invalid",
            "\(problems)\(rest); nothing was stored",
            mistakes: mistakes
        )
    }
}
