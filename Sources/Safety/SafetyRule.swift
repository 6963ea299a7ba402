import Conversation
internal import Patterns
import ShellSyntax
import Tools

/// One rule of a policy: conditions, all of which have to hold, and what is done then.
struct SafetyRule: Sendable {
    /// What a rule says of a call.
    package enum Answer {
        /// The rule is about the call.
        case applies
        /// It is not.
        case passes
        /// It would forbid something that the command line may hide.
        case doubts
    }

    package let label: String
    package let action: SafetyDecision.Action
    package var reason: String?
    package var tools: [WordPattern] = []
    package var implementations: [WordPattern] = []
    package var effects: Set<ToolEffect> = []
    package var agents: [WordPattern] = []
    package var arguments: [(name: String, condition: ArgumentCondition)] = []
    package var commands: CommandPatternSet?
    package var paths: [GlobPattern]?
    package var hosts: [WordPattern]?
    var minimumCost: Double?
    /// Who may decide about what it asks about.
    package var terms = ApprovalTerms()

    /// A rule.
    init(label: String, action: SafetyDecision.Action) {
        self.label = label
        self.action = action
    }

    /// Asks the rule about a call.
    ///
    /// What cannot be decided in time, or is not clear, counts for a rule that asks or denies, and against one that
    /// allows.
    package func answer(_ facts: inout CallFacts) -> Answer {
        guard isAboutCall(facts) else { return .passes }
        let answers = [about(hosts, &facts), about(paths, &facts), about(commands, &facts)]
        if answers.contains(.passes) { return .passes }
        return answers.contains(.doubts) ? .doubts : .applies
    }

    /// What the rule says of files that a call comes across without naming them; nil if that is nothing.
    ///
    /// A rule that knows a call by its command line or host says nothing of files.
    package func pathRule(for facts: inout CallFacts) -> PathRules.Rule? {
        guard let paths, isAboutCall(facts) else { return nil }
        let answers = [about(hosts, &facts), about(commands, &facts)]
        guard !answers.contains(.passes), action != .allow || !answers.contains(.doubts) else { return nil }
        return switch action {
        case .allow: PathRules.Rule(.allowed, paths)
        case .ask: PathRules.Rule(.asked, paths)
        case .deny: PathRules.Rule(.denied, paths)
        }
    }

    /// Whether it decides about a call whatever the call does with which files.
    package func decidesAboutAllFiles(of facts: CallFacts) -> Bool {
        paths == nil && hosts == nil && commands == nil && isAboutCall(facts)
    }

    /// Whether what the rule says of the call, but for what it does with what, holds.
    private func isAboutCall(_ facts: CallFacts) -> Bool {
        let call = facts.call
        guard Self.fits(tools, call.tool), Self.fits(implementations, call.implementation ?? "function"),
            effects.isEmpty || effects.contains(call.effect), Self.fits(agents, call.agent),
            minimumCost.map({ call.cost >= $0 }) ?? true
        else { return false }
        let doubt = action != .allow
        return arguments.allSatisfy { $0.condition.holds(for: $0.name, of: facts, doubt: doubt) }
    }

    private func about(_ patterns: [WordPattern]?, _ facts: inout CallFacts) -> Answer {
        guard let patterns else { return .applies }
        let doubt = action != .allow
        return answer(facts.hosts, .url, facts.call.facts) { host in
            switch host {
            case .unclear: doubt
            case .name(let name): Self.fits(patterns, name)
            }
        }
    }

    private func about(_ patterns: [GlobPattern]?, _ facts: inout CallFacts) -> Answer {
        guard let patterns else { return .applies }
        let isAllowing = action == .allow
        let found = answer(facts.paths, .path, facts.call.facts) { path in
            patterns.contains { isAllowing ? $0.matches(path: path) : $0.covers(path: path) }
        }
        guard found == .passes, !isAllowing else { return found }
        // Where a path leads that goes up, nobody knows.
        if facts.paths.contains(where: CallPath.goesUp) { return .doubts }
        return action == .ask && facts.call.facts.mayUseFiles ? .doubts : .passes
    }

    private func about(_ patterns: CommandPatternSet?, _ facts: inout CallFacts) -> Answer {
        guard let patterns else { return .applies }
        let lines = facts.commandLines
        if action == .allow { return answer(lines, .commandLine, facts.call.facts, patterns.allow) }
        let found = answer(lines, .commandLine, facts.call.facts, patterns.match)
        return found == .passes && lines.contains(where: \.mayHideCommands) ? .doubts : found
    }

    /// Asks about all that a call does of a kind: a rule that asks or denies is about any of it, one that allows about all of
    /// it.
    private func answer<Fact>(
        _ found: [Fact],
        _ kind: ToolFacts.Kind,
        _ facts: ToolFacts,
        _ isMatch: (Fact) -> Bool
    ) -> Answer {
        if action == .allow {
            let isWhole =
                !found.isEmpty && !facts.isPartial && !facts.unknown.contains(kind)
                && !(kind == .path && facts.mayUseFiles)
            return isWhole && found.allSatisfy(isMatch) ? .applies : .passes
        }
        if found.contains(where: isMatch) { return .applies }
        return facts.unknown.contains(kind) ? .doubts : .passes
    }

    private static func fits(_ patterns: [WordPattern], _ text: String) -> Bool {
        patterns.isEmpty || patterns.contains { $0.matches(text, doubt: true) }
    }
}
