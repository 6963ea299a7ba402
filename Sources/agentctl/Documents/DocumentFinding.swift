import Definitions
import Engine

/// One thing that is wrong with a document, as the program itself finds it.
struct DocumentFinding: Sendable, Hashable {
    /// Where in the document.
    let path: String
    /// What is wrong.
    let problem: String
    /// What was expected instead.
    var expected: String?
    /// Where in the field's text.
    var place: FunctionProblem.Place?
}

extension DocumentFinding {
    /// What is wrong with a function.
    init(_ problem: FunctionProblem) {
        self.init(path: problem.path, problem: "is wrong: \(problem.message)", place: problem.place)
    }
}
