internal import Paths

extension CommandLine {
    /// Whether nothing but the commands themselves matters: no variable that changes what they do is set, and output
    /// goes nowhere but into files below the directory that the line runs in.
    var leavesNoTrace: Bool {
        let hasMoved = commands.contains { ["cd", "pushd", "popd"].contains($0.name) }
        return commands.allSatisfy { command in
            command.assignments.allSatisfy { Self.isHarmless($0.name, isExported: !command.words.isEmpty) }
                && command.redirections.allSatisfy { Self.isHarmless($0, hasMoved: hasMoved) }
        }
    }

    /// Whether some command's name is only known when the line runs, or all of it is not understood.
    package var mayHideCommands: Bool {
        problem != nil || commands.contains { !($0.words.first?.isLiteral ?? true) }
    }

    /// Variables that programs read have capital letters: of those only a few are known to be harmless.
    private static func isHarmless(_ variable: String, isExported: Bool) -> Bool {
        if variable == "LANG" || variable == "TZ" || variable == "NO_COLOR" || variable == "LC_ALL" { return true }
        return !isExported
            && variable.utf8.allSatisfy { $0.continuesName && !(UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }
    }

    private static func isHarmless(_ redirection: CommandRedirection, hasMoved: Bool) -> Bool {
        let target = redirection.target
        switch redirection.kind {
        case .text, .descriptor: return true
        case .read:
            // bash opens connections under these names.
            return target.isLiteral && !target.text.contains("/dev/tcp/") && !target.text.contains("/dev/udp/")
        case .write:
            guard target.isLiteral else { return false }
            if ["/dev/null", "/dev/stdout", "/dev/stderr"].contains(target.text) { return true }
            guard !hasMoved, !target.text.isAbsolutePath, !target.text.isEmpty else { return false }
            // Hidden files are read by programs: hooks of a repository, settings of a shell.
            return target.text.pathComponents.allSatisfy { $0 == "." || $0.utf8.first != UInt8(ascii: ".") }
        }
    }
}
