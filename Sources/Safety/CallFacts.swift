internal import JSON
import ShellSyntax
import Tools

/// What rules ask about a call; each is found out when the first rule asks.
struct CallFacts {
    package let call: ProposedCall

    /// The command lines that the call would run.
    package private(set) lazy var commandLines: [CommandLine] = call.facts.commandLines.map(CommandLine.init)

    /// The paths that the call is about, without what changes nothing.
    package private(set) lazy var paths: [String] = call.facts.paths.map(CallPath.normalized)

    /// The hosts that the call would speak to.
    package private(set) lazy var hosts: [CallHost] = call.facts.urls.map(CallHost.init(url:))

    /// Facts about a call.
    init(_ call: ProposedCall) {
        self.call = call
    }

    /// An argument as rules see it: a string's text, nothing for one that is missing, else JSON.
    package func argument(_ name: String) -> String {
        guard let value = call.arguments[name], !value.isNull else { return "" }
        return value.stringValue ?? value.canonicalText
    }

    /// What of the call is not certain, as a sentence.
    package mutating func doubt() -> String {
        guard let line = commandLines.first(where: \.mayHideCommands) else {
            if call.facts.unknown.isEmpty, call.facts.mayUseFiles {
                return "Which files the call uses is not certain, and a rule asks about some."
            }
            return "What the call does is not certain: a step of it takes its arguments from another step."
        }
        let found = line.problem.map { "it has \($0)" } ?? "the name of a command is not written out"
        return "What the command line runs is not certain: \(found)."
    }
}
