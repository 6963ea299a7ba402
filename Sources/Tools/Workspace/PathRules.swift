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

    /// What is said of a path, and by which rule of which policy.
    struct Finding: Sendable, Hashable {
        let verdict: Verdict
        let policy: Int
        let rule: Int
    }

    private let policies: [[Rule]]

    /// The rules of some policies, each in their order, as far as they are about the call.
    package init(_ policies: [[Rule]] = []) {
        self.policies = policies.filter { rules in rules.contains { $0.verdict != .allowed } }
    }

    /// Whether some files are not for the call.
    package var deniesSome: Bool { policies.contains { rules in rules.contains { $0.verdict == .denied } } }

    /// What is said of a path: what any policy denies is denied; else the first rule of the first policy decides.
    ///
    /// A path that goes up and out is denied where some are: nobody knows what it leads to.
    package func verdict(on path: String) -> Verdict {
        if policies.isEmpty { return .allowed }
        let path = CallPath.normalized(path)
        return CallPath.goesUp(path) ? .denied : verdict(onNormalized: path)
    }

    /// The same of a path that has nothing in it that changes nothing.
    func verdict(onNormalized path: String) -> Verdict {
        finding(onNormalized: path)?.verdict ?? .allowed
    }

    /// The same with the rule that says it; nil if none is about the path.
    func finding(onNormalized path: String) -> Finding? {
        var first: Finding?
        for (policy, rules) in policies.enumerated() {
            guard let rule = rules.firstIndex(where: { $0.isAbout(path) }) else { continue }
            let finding = Finding(verdict: rules[rule].verdict, policy: policy, rule: rule)
            if finding.verdict == .denied { return finding }
            first = first ?? finding
        }
        return first
    }

    /// These rules, and those of a call around it.
    func within(_ outer: PathRules) -> PathRules { PathRules(policies + outer.policies) }

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
