import Patterns

/// A pattern for commands of a line: words, `**` for any words, and terms about the words that are left.
///
/// - `ls **`: the command `ls` with any arguments. Each word is a ``WordPattern``: `git log|diff **`.
/// - `+word`: one of the words after the fixed beginning matches. `rm ** +-*r* +/`
/// - `!word`: none of them matches, nor can any of them turn into one. `find ** !-delete`
/// - `>path`: output goes to such a file. `>/etc/*`
/// - `curl ** | sh **`: the output of the one reaches the other.
///
/// The first word is the command's name: without a slash it is compared with the name's last part.
package struct CommandPattern: Sendable {
    private enum Element: Sendable {
        case word(WordPattern)
        case rest
    }

    private struct Stage: Sendable {
        var elements: [Element] = []
        var required: [WordPattern] = []
        var excluded: [WordPattern] = []
        var written: [WordPattern] = []
        var hasPath = false
    }

    private let stages: [Stage]

    /// Whether the pattern is about one command and its words only, as what is allowed has to be.
    package var isPlain: Bool {
        stages.count == 1 && stages.allSatisfy { $0.written.isEmpty && !$0.elements.isEmpty }
    }

    /// The names of commands that the pattern is about; nil for any.
    package var names: [String]? {
        guard let stage = stages.last, !stage.hasPath, case .word(let name)? = stage.elements.first else { return nil }
        return name.literals
    }

    /// Reads a pattern.
    ///
    /// - Throws: ``CommandProblem`` with what is wrong with it.
    package init(_ source: String) throws(CommandProblem) {
        var stages: [Stage] = []
        var stage = Stage()
        var isEmpty = true
        let texts = source.split(separator: " ").map(String.init)
        for text in texts + ["|"] {
            if text == "|" {
                guard !isEmpty else { throw CommandProblem("nothing where a command's pattern is expected") }
                stages.append(stage)
                stage = Stage()
                isEmpty = true
                continue
            }
            isEmpty = false
            do throws(PatternError) {
                try Self.read(text, into: &stage)
            } catch {
                throw CommandProblem("not a regular expression in \"\(text)\": \(error.message)")
            }
        }
        self.stages = stages
    }

    private static func read(_ text: String, into stage: inout Stage) throws(PatternError) {
        switch text.first {
        case _ where text == "**": stage.elements.append(.rest)
        case "+": stage.required.append(try WordPattern(String(text.dropFirst())))
        case "!": stage.excluded.append(try WordPattern(String(text.dropFirst())))
        case ">": stage.written.append(try WordPattern(String(text.dropFirst())))
        default:
            if stage.elements.isEmpty {
                stage.hasPath = text.utf8.contains(UInt8(ascii: "/")) && !text.hasPrefix("re:")
            }
            stage.elements.append(.word(try WordPattern(text)))
        }
    }

    /// Whether a command is certain to match, whatever its words become.
    func isCertain(of command: SimpleCommand) -> Bool {
        guard let stage = stages.first, let name = command.name else { return false }
        let found = CommandName(name)
        guard stage.hasPath || found.isOfTheSystem else { return false }
        return Self.matches(stage, command, name: stage.hasPath ? name : found.base) { $0.isCertain(of: $1) }
            && !Self.remainder(stage, command).contains { word in stage.excluded.contains { $0.isPossible(for: word) } }
    }

    /// Whether a command of a line matches as it is written.
    package func matches(_ index: Int, of commands: [SimpleCommand]) -> Bool {
        matches(index, of: commands, stage: stages.count - 1)
    }

    private func matches(_ index: Int, of commands: [SimpleCommand], stage number: Int) -> Bool {
        let stage = stages[number]
        let command = commands[index]
        let text = command.words.first?.text ?? ""
        let name = stage.hasPath ? text : CommandName(text).base
        guard Self.matches(stage, command, name: name, by: { $0.matches($1.text, doubt: true) }),
            !Self.remainder(stage, command).contains(where: { word in
                stage.excluded.contains { $0.matches(word.text, doubt: false) }
            })
        else { return false }
        return number == 0
            || command.sources.contains { range in
                range.contains { matches($0, of: commands, stage: number - 1) }
            }
    }

    /// Whether the words, the terms and the files fit.
    private static func matches(
        _ stage: Stage,
        _ command: SimpleCommand,
        name: String,
        by fits: (WordPattern, CommandWord) -> Bool
    ) -> Bool {
        var words = command.words
        if !words.isEmpty { words[0].text = name }
        guard stage.elements.isEmpty || matches(stage.elements, words, by: fits) else { return false }
        let rest = remainder(stage, command)
        guard stage.required.allSatisfy({ term in rest.contains { fits(term, $0) } }) else { return false }
        return stage.written.allSatisfy { term in
            command.redirections.contains { redirection in
                redirection.kind == .write
                    && fits(term, CommandWord(CallPath.normalized(redirection.target.text)))
            }
        }
    }

    /// The words after those that the pattern begins with.
    private static func remainder(_ stage: Stage, _ command: SimpleCommand) -> ArraySlice<CommandWord> {
        var fixed = 0
        for case .word in stage.elements.prefix(while: { if case .word = $0 { true } else { false } }) { fixed += 1 }
        return command.words.dropFirst(fixed)
    }

    /// Matches from the left; of several places to go back to, the last is enough.
    private static func matches(
        _ elements: [Element],
        _ words: [CommandWord],
        by fits: (WordPattern, CommandWord) -> Bool
    ) -> Bool {
        var place = 0
        var element = 0
        var retry: (element: Int, place: Int)?
        while place < words.count {
            if element < elements.count, case .rest = elements[element] {
                retry = (element, place)
                element += 1
            } else if element < elements.count, case .word(let pattern) = elements[element], fits(pattern, words[place])
            {
                element += 1
                place += 1
            } else if let last = retry {
                retry = (last.element, last.place + 1)
                element = last.element + 1
                place = last.place + 1
            } else {
                return false
            }
        }
        return elements[element...].allSatisfy { if case .rest = $0 { true } else { false } }
    }
}
