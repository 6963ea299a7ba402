internal import Patterns

/// One rule of a policy: conditions, all of which have to hold, and what is done then.
struct SafetyRule: Sendable {
    /// What a rule says of a call.
    enum Answer {
        /// The rule is about the call.
        case applies
        /// It is not.
        case passes
        /// It would forbid something that the command line may hide.
        case doubts
    }

    let label: String
    let action: SafetyDecision.Action
    var reason: String?
    var tools: [WordPattern] = []
    var implementations: [WordPattern] = []
    var effects: Set<ToolEffect> = []
    var agents: [WordPattern] = []
    var arguments: [(name: String, pattern: Pattern)] = []
    var commands: CommandPatternSet?
    var paths: [GlobPattern]?
    var hosts: [WordPattern]?
    var minimumCost: Double?

    /// A rule.
    init(label: String, action: SafetyDecision.Action) {
        self.label = label
        self.action = action
    }

    /// Asks the rule about a call.
    ///
    /// What cannot be decided in time, or is not clear, counts for a rule that asks or denies, and against one that
    /// allows.
    func answer(_ facts: inout CallFacts) -> Answer {
        let call = facts.call
        guard Self.fits(tools, call.tool), Self.fits(implementations, call.implementation ?? "function"),
            effects.isEmpty || effects.contains(call.effect), Self.fits(agents, call.agent),
            minimumCost.map({ call.cost >= $0 }) ?? true
        else { return .passes }
        let doubt = action != .allow
        for (name, pattern) in arguments {
            let text = facts.argument(name)
            let isMatch: Bool
            do { isMatch = try pattern.matches(text) } catch { isMatch = doubt }
            guard isMatch else { return .passes }
        }
        if let hosts {
            switch facts.host {
            case nil: return .passes
            case .unclear where !doubt: return .passes
            case .unclear: break
            case .name(let host): guard Self.fits(hosts, host) else { return .passes }
            }
        }
        if let paths {
            guard let path = facts.path, paths.contains(where: { $0.matches(path: path) }) else { return .passes }
        }
        guard let commands else { return .applies }
        guard let line = facts.commandLine else { return .passes }
        if action == .allow { return commands.allow(line) ? .applies : .passes }
        if commands.match(line) { return .applies }
        return line.mayHideCommands ? .doubts : .passes
    }

    private static func fits(_ patterns: [WordPattern], _ text: String) -> Bool {
        patterns.isEmpty || patterns.contains { $0.matches(text, doubt: true) }
    }
}
