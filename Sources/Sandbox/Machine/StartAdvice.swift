/// Why a sandbox's program did not start, read from what it wrote.
enum StartAdvice {
    /// Whether the kernel refused the namespaces that a sandbox is made of.
    static func isLackOfNamespaces(_ words: String) -> Bool {
        ["namespace", "not permitted", "No permissions", "uid map", "No space left"].contains { words.contains($0) }
    }

    /// What an operator can do about a program that did not start.
    ///
    /// - Parameters:
    ///   - words: What the program wrote before it ended.
    ///   - user: The user that it was to run as; nil if it was that of this process.
    static func text(_ words: String, user: ChildProgram.User?) -> String {
        let said = words.split(separator: "\n").joined(separator: "; ")
        let words = said.isEmpty ? "it said nothing" : said
        if isLackOfNamespaces(words) {
            return "the kernel gives no namespaces (\(words)): sysctl kernel.unprivileged_userns_clone=1, "
                + "user.max_user_namespaces above 0, kernel.apparmor_restrict_unprivileged_userns=0; in a container, "
                + "allow them in its profile"
        }
        if words.contains("bind-fd") {
            return "bubblewrap is too old to keep parts of the workspace from being written (\(words)): install 0.10 "
                + "or later, or Debian's 0.8.0-2+deb12u1; or let a tool's row say protected: []"
        }
        if words.contains("source path"), let user {
            return "the workspace cannot be reached by user \(user.user), whom untrusted code runs as (\(words)): "
                + "make its directories searchable, or give it to another user"
        }
        return "the sandbox's interpreter cannot be started: \(words)"
    }
}
