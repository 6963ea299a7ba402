import ShellSyntax

/// What the rules of policies say of the files that a call comes across, beyond those that it names.
package struct PathRules: Sendable {
    /// What a rule says of a path.
    package enum Verdict: Sendable, Hashable {
        /// The call may use it.
        case allowed
        /// A person has to be asked before a call uses it.
        case asked
        /// No such call may use it.
        case denied
    }

    /// A rule about paths.
    package struct Rule: Sendable {
        let verdict: Verdict
        let patterns: [GlobPattern]

        /// A rule that applies to the call if a path fits one of the patterns.
        package init(_ verdict: Verdict, _ patterns: [GlobPattern]) {
            self.verdict = verdict
            self.patterns = patterns
        }

        func isAbout(_ path: String) -> Bool {
            patterns.contains { verdict == .allowed ? $0.matches(path: path) : $0.covers(path: path) }
        }
    }

    private let policies: [[Rule]]

    /// The rules of some policies, each in their order, as far as they are about the call.
    package init(_ policies: [[Rule]] = []) {
        self.policies = policies.filter { rules in rules.contains { $0.verdict != .allowed } }
    }

    /// Whether some files are not for the call.
    package var deniesSome: Bool { policies.contains { rules in rules.contains { $0.verdict == .denied } } }

    /// What is said of a path: what any policy denies is denied; else the first rule of the first policy decides.
    package func verdict(on path: String) -> Verdict {
        policies.isEmpty ? .allowed : verdict(onNormalized: CallPath.normalized(path))
    }

    /// The same of a path that has nothing in it that changes nothing.
    func verdict(onNormalized path: String) -> Verdict {
        let verdicts = policies.compactMap { rules in rules.first { $0.isAbout(path) }?.verdict }
        return verdicts.contains(.denied) ? .denied : verdicts.first ?? .allowed
    }

    /// Whether everything in a directory is denied, whatever its name.
    ///
    /// - Parameter path: The directory's path, which has nothing in it that changes nothing.
    package func deniesAll(in path: String) -> Bool {
        policies.contains { rules in
            // A rule before it may allow a part.
            rules.prefix { $0.verdict == .denied }.contains { $0.isAbout(path) }
        }
    }
}
