/// The name of a command, apart from where it is looked for.
struct CommandName: Sendable, Hashable {
    /// The last part of the path.
    package let base: String

    /// Whether it is looked for where the system keeps its programs, and not somewhere a line may have written.
    let isOfTheSystem: Bool

    /// Takes a name apart.
    init(_ text: String) {
        guard let slash = text.utf8.lastIndex(of: UInt8(ascii: "/")) else {
            base = text
            isOfTheSystem = true
            return
        }
        base = String(text[text.utf8.index(after: slash)...])
        let directory = text[..<slash]
        isOfTheSystem = directory == "/bin" || directory == "/usr/bin"
    }
}
