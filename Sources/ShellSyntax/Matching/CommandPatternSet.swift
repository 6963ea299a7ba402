/// The patterns of one rule, found by the name of a command.
package struct CommandPatternSet: Sendable {
    private var byName: [String: [CommandPattern]] = [:]
    private var others: [CommandPattern] = []

    /// A set of patterns.
    package init(_ patterns: [CommandPattern]) {
        for pattern in patterns {
            guard let names = pattern.names else {
                others.append(pattern)
                continue
            }
            for name in names { byName[name, default: []].append(pattern) }
        }
    }

    /// Whether every command of a line is certain to match one of the patterns, and nothing else happens in it.
    package func allow(_ line: CommandLine) -> Bool {
        guard line.problem == nil, line.commands.contains(where: { !$0.words.isEmpty }), line.leavesNoTrace else {
            return false
        }
        return line.commands.allSatisfy { command in
            guard !command.words.isEmpty else { return true }
            guard let name = command.name else { return false }
            return (byName[CommandName(name).base] ?? []).contains { $0.isCertain(of: command) }
                || others.contains { $0.isCertain(of: command) }
        }
    }

    /// Whether any command of a line matches any of the patterns.
    package func match(_ line: CommandLine) -> Bool {
        line.commands.indices.contains { index in
            let name = line.commands[index].words.first.map { CommandName($0.text).base } ?? ""
            return (byName[name] ?? []).contains { $0.matches(index, of: line.commands) }
                || others.contains { $0.matches(index, of: line.commands) }
        }
    }
}
