@testable import ShellSyntax

extension CommandLine {
    /// The line as tests write it: commands with ` ; ` between them, ‹› around what is not literal, `?` before what is
    /// not understood.
    var rendered: String {
        (problem == nil ? "" : "? ") + commands.map(\.rendered).joined(separator: " ; ")
    }
}

extension SimpleCommand {
    fileprivate var rendered: String {
        let assigned = assignments.map { "\($0.name)=" }
        let redirected = redirections.map { redirection in
            let sign =
                switch redirection.kind {
                case .read: "<"
                case .write: ">"
                case .descriptor: "&"
                case .text: "<<"
                }
            return sign + redirection.target.rendered
        }
        return (assigned + words.map(\.rendered) + redirected).joined(separator: " ")
    }
}

extension CommandWord {
    fileprivate var rendered: String { isLiteral ? text : "‹\(text)›" }
}
