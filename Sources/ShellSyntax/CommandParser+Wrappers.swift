extension CommandParser {
    /// How deep commands that run commands are looked through.
    private static let maximumWrappers = 8

    /// Adds a command, or what it runs if that is all it does.
    ///
    /// What cannot be looked through is added as it is: a policy that allows `ls` does not allow `env` with an option
    /// that nobody here knows.
    package func emit(_ command: SimpleCommand, level: Int = 0) throws(CommandProblem) {
        guard let word = command.words.first, word.isLiteral else { return try collector.append(command) }
        guard level < Self.maximumWrappers else { throw CommandProblem("too many commands that run commands") }
        let name = CommandName(word.text)
        // What a line may have put somewhere only looks like a command of the system: it is added as well.
        guard try look(through: command, name.base, level), name.isOfTheSystem else {
            return try collector.append(command)
        }
    }

    /// Adds what a command runs.
    ///
    /// - Returns: Whether that is all that it does.
    private func look(through command: SimpleCommand, _ name: String, _ level: Int) throws(CommandProblem) -> Bool {
        switch name {
        case "sh", "bash", "dash", "ash", "zsh", "ksh", "mksh", "fish", "csh", "tcsh":
            return try emitScript(of: command, shell: name)
        case "eval": return try emitEvaluation(of: command)
        case "trap":
            if command.words.count > 2, command.words[1].isLiteral {
                try emitText(command.words[1].text, of: command, dialect: dialect)
            }
            return false
        case "env": return try emitEnvironment(of: command, level)
        case "xargs": return try emitArguments(of: command, level)
        case "find": return try emitSearch(of: command, level)
        case "sudo", "doas":
            if let reading = Self.wrappers[name]?.read(command.words) {
                try emitRest(of: command, from: reading.end, level)
            }
            return false
        default: break
        }
        guard let grammar = Self.wrappers[name], let reading = grammar.read(command.words) else { return false }
        let start = name == "timeout" ? reading.end + 1 : reading.end
        guard start < command.words.count || name == "exec" else { return false }
        if name == "timeout", !command.words[reading.end].isLiteral { return false }
        try emitRest(of: command, from: start, level)
        return true
    }

    private static let wrappers: [String: OptionGrammar] = [
        "builtin": OptionGrammar(),
        "busybox": OptionGrammar(),
        "command": OptionGrammar(flags: "p"),
        "doas": OptionGrammar(flags: "nsL", valued: "uCa"),
        "exec": OptionGrammar(flags: "cl", valued: "a"),
        "ionice": OptionGrammar(flags: "t", valued: "cn"),
        "nice": OptionGrammar(flags: "0123456789", valued: "n", longValued: ["adjustment"]),
        "nohup": OptionGrammar(),
        "setsid": OptionGrammar(flags: "cfw"),
        "stdbuf": OptionGrammar(valued: "ioe"),
        "sudo": OptionGrammar(
            flags: "AbBEeHiKklNnPSsVv",
            valued: "CDghpRrTtUu",
            longFlags: ["preserve-env", "non-interactive"]
        ),
        "time": OptionGrammar(flags: "pv"),
        "timeout": OptionGrammar(
            flags: "v",
            valued: "ks",
            longFlags: ["foreground", "preserve-status", "verbose"],
            longValued: ["kill-after", "signal"]
        ),
        "toybox": OptionGrammar(),
    ]

    /// Adds the command that the words from an index on are.
    private func emitRest(of command: SimpleCommand, from index: Int, _ level: Int) throws(CommandProblem) {
        var inner = command
        inner.words = Array(command.words[min(index, command.words.count)...])
        try emit(inner, level: level + 1)
    }

    private func emitEnvironment(of command: SimpleCommand, _ level: Int) throws(CommandProblem) -> Bool {
        let grammar = OptionGrammar(flags: "i", valued: "u", longFlags: ["ignore-environment"], longValued: ["unset"])
        guard let reading = grammar.read(command.words) else { return false }
        var inner = command
        for name in reading.values.values { inner.assignments.append(.init(name: name.text, value: "")) }
        var index = reading.end
        while index < command.words.count {
            let word = command.words[index]
            let text = word.isLiteral ? word.text : word.prefix
            guard let equals = text.firstIndex(of: "=") else { break }
            let value = CommandWord(expanding: String(word.text[word.text.index(after: equals)...]))
            inner.assignments.append(.init(name: String(text[..<equals]), value: value))
            index += 1
        }
        guard index < command.words.count else { return false }
        try emitRest(of: inner, from: index, level)
        return true
    }

    private func emitArguments(of command: SimpleCommand, _ level: Int) throws(CommandProblem) -> Bool {
        let grammar = OptionGrammar(
            flags: "0oprtx",
            valued: "adEILnPs",
            longFlags: ["null", "no-run-if-empty", "verbose", "exit"],
            longValued: ["arg-file", "delimiter", "max-args", "max-procs", "max-chars"]
        )
        guard let reading = grammar.read(command.words) else { return false }
        var inner = command
        inner.words = Array(command.words[reading.end...])
        if inner.words.isEmpty { inner.words = ["echo"] }
        if let placeholder = reading.values["I"]?.text, !placeholder.isEmpty {
            inner.words = inner.words.map { $0.replacing(placeholder) }
        } else {
            inner.words.append(CommandWord(expanding: "…"))
        }
        try emit(inner, level: level + 1)
        return true
    }

    /// Adds the commands that a search runs for what it finds, and then the search without them.
    private func emitSearch(of command: SimpleCommand, _ level: Int) throws(CommandProblem) -> Bool {
        let verbs: Set<String> = ["-exec", "-execdir", "-ok", "-okdir"]
        var search = command
        search.words = []
        var rest = command.words[...]
        while let word = rest.popFirst() {
            guard word.isLiteral, verbs.contains(word.text) else {
                search.words.append(word)
                continue
            }
            let end = rest.indices.first { index in
                rest[index].text == ";"
                    || (rest[index].text == "+" && index > rest.startIndex && rest[index - 1].text == "{}")
            }
            guard let end, end > rest.startIndex else { return false }
            var inner = command
            inner.words = rest[..<end].map { $0.replacing("{}") }
            try emit(inner, level: level + 1)
            rest = rest[(end + 1)...]
        }
        try collector.append(search)
        return true
    }
}

extension CommandWord {
    /// The word when what it holds of a text is replaced by something that nobody knows.
    fileprivate func replacing(_ placeholder: String) -> CommandWord {
        guard let place = text.utf8.firstRange(of: placeholder.utf8) else { return self }
        let before = String(text[..<place.lowerBound])
        return CommandWord(expanding: text, prefix: isLiteral ? before : String(prefix.prefix(before.count)))
    }
}
