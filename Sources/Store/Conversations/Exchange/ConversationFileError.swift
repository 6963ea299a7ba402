package import Definitions
package import JSON

/// Why a file is not that of a conversation.
package struct ConversationFileError: Error, Sendable, CustomStringConvertible {
    /// Everything that is wrong, at most 100 problems.
    package let problems: [DocumentProblem]
    /// What the file holds, so that the places can be found in it; nil if it is no JSON.
    package let value: JSONValue?
    /// The line of a file that is no JSON, from 1.
    package let line: Int?
    /// The column of a file that is no JSON, from 1.
    package let column: Int?

    package init(problems: [DocumentProblem], value: JSONValue) {
        self.problems = problems
        self.value = value
        line = nil
        column = nil
    }

    package init(_ error: JSONParseError) {
        let problem = error.code == .duplicateKey || error.code == .tooLarge ? "" : "is not JSON: "
        problems = [DocumentProblem(path: "", message: problem + error.message)]
        value = nil
        line = error.line
        column = error.column
    }

    /// The problems on one line.
    package var description: String {
        problems.map(\.description).joined(separator: "; ")
    }
}
