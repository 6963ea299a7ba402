import Conversation

/// What a process has of what agents may need, in the words of `agentctl.work_queue.needs`.
///
/// Of the environment it holds names, and no values.
struct WorkerOffers: Sendable, Hashable {
    /// The words.
    let words: [String]
    /// The workspace as HOST:PATH; nil if there is none.
    let workspace: String?

    /// What the database takes at most.
    private static let maximumWords = 10_000

    /// What a process has.
    ///
    /// - Parameters:
    ///   - environment: The variables that documents name for keys and secrets; empty ones are as good as none.
    ///   - implementations: The tools and providers of the program.
    ///   - workspace: The directory that tools may see, from the root; nil for none.
    init(environment: [String: String], implementations: [String], workspace: String?) {
        let variables = environment.filter { !$0.value.isEmpty && Self.isName($0.key) }.keys.sorted()
        self.workspace = workspace.map { "\(WorkerDescription.hostName):\($0)" }
        let places = self.workspace.map { ["workspace", "workspace:\($0)"] } ?? []
        let words = places + implementations.map { "implementation:\($0)" } + variables.map { "variable:\($0)" }
        self.words = Array(words.prefix(Self.maximumWords))
    }

    /// Whether a document can name such a variable.
    private static func isName(_ name: String) -> Bool {
        (1...128).contains(name.utf8.count)
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "_"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: false
                }
            }
    }
}
