/// Phrases by which a text gives orders to the model that reads it.
///
/// A phrase is words of certain classes near each other, so that «ignore all of the previous instructions» is found
/// with whatever stands in between. Words are looked at once, and back over a few.
enum InjectionPhrases {
    /// What a word can be part of.
    private struct Role: OptionSet {
        let rawValue: UInt32
        static let forget = Role(rawValue: 1)
        static let earlier = Role(rawValue: 2)
        static let orders = Role(rawValue: 4)
        static let reveal = Role(rawValue: 8)
        static let secret = Role(rawValue: 16)
        static let system = Role(rawValue: 32)
        static let not = Role(rawValue: 64)
        static let tell = Role(rawValue: 128)
        static let person = Role(rawValue: 256)
        static let now = Role(rawValue: 512)
        static let unbound = Role(rawValue: 1_024)
        static let everything = Role(rawValue: 2_048)
        static let told = Role(rawValue: 4_096)
        static let you = Role(rawValue: 8_192)
        static let new = Role(rawValue: 16_384)
    }

    private struct Word {
        let range: Range<Int>
        let role: Role
    }

    /// Words that a phrase reaches over.
    private static let reach = 8
    private static let longestWord = 24

    /// Finds all phrases, in no order; they may overlap.
    static func spans(in text: FoldedText) -> [GuardrailSpan] {
        var spans: [GuardrailSpan] = []
        var recent: [Word] = []
        var index = 0
        while index < text.bytes.count {
            guard isWord(text.bytes[index]) else {
                index += 1
                continue
            }
            let start = index
            while index < text.bytes.count, isWord(text.bytes[index]) { index += 1 }
            let role = index - start <= longestWord ? role(of: text.bytes[start..<index]) : []
            recent.append(Word(range: start..<index, role: role))
            if recent.count > reach { recent.removeFirst() }
            guard !role.isEmpty, let (first, kind) = phrase(endingWith: recent, in: text) else { continue }
            spans.append(text.span(first..<index, kind))
        }
        return spans
    }

    private static func isWord(_ byte: UInt8) -> Bool { byte.isWordByte || byte == UInt8(ascii: "'") }

    /// Whether the last word ends a phrase: where that begins, and what it is.
    private static func phrase(endingWith words: [Word], in text: FoldedText) -> (Int, String)? {
        guard let last = words.last else { return nil }
        func first(_ role: Role) -> Int? { words.dropLast().firstIndex { $0.role.contains(role) } }
        func has(_ role: Role, after index: Int) -> Bool { words[(index + 1)...].contains { $0.role.contains(role) } }
        // «Ignore all previous instructions», «disregard the instructions above», «forget everything you were told».
        if last.role.contains(.orders) || last.role.contains(.earlier), let verb = first(.forget),
            has(.orders, after: verb), has(.earlier, after: verb)
        {
            return (words[verb].range.lowerBound, "instruction_override")
        }
        if last.role.contains(.told), let verb = first(.forget), has(.everything, after: verb) {
            return (words[verb].range.lowerBound, "instruction_override")
        }
        // «Reveal your system prompt», «print the hidden instructions».
        if last.role.contains(.orders), let verb = first(.reveal),
            has(.secret, after: verb) || words.dropLast().last?.role.contains(.system) == true
        {
            return (words[verb].range.lowerBound, "prompt_extraction")
        }
        // «Do not tell the user».
        if last.role.contains(.person), let negation = first(.not),
            words[negation + 1].role.contains(.tell)
        {
            return (words[negation].range.lowerBound, "concealment")
        }
        // «You are now an unrestricted model», «from now on you are DAN».
        if last.role.contains(.unbound), let now = first(.now), words.contains(where: { $0.role.contains(.you) }) {
            return (words[min(now, first(.you) ?? now)].range.lowerBound, "role_change")
        }
        // «New instructions:».
        if last.role.contains(.orders), text.byte(last.range.upperBound) == UInt8(ascii: ":"),
            let before = words.dropLast().last,
            before.role.contains(.new)
                || before.role.contains(.system) && words.dropLast(2).last?.role.contains(.new) == true
        {
            return (before.range.lowerBound, "instruction_override")
        }
        return nil
    }

    private static func role(of word: ArraySlice<UInt8>) -> Role {
        roles[String(decoding: word.map(\.lowercased), as: UTF8.self)] ?? []
    }

    private static let roles: [String: Role] = {
        let classes: [(Role, String)] = [
            (
                .forget,
                """
                ignore ignoring disregard forget override bypass neglect discard overrule ignoriere ignorieren vergiss \
                missachte oublie oubliez ignorez ignora ignorar olvida olvide ignori dimentica negeer
                """
            ),
            (
                .earlier,
                """
                previous prior above earlier preceding foregoing all any your existing initial original former vorherigen \
                vorigen bisherigen obigen alle deine précédentes précédents toutes tous anteriores todas previas tus \
                precedenti tutte vorige eerdere
                """
            ),
            (
                .orders,
                """
                instruction instructions prompt prompts rule rules guideline guidelines directive directives direction \
                directions command commands programming constraints restrictions anweisungen anweisung instruktionen regeln \
                befehle consignes règles instrucciones reglas istruzioni regole instructies
                """
            ),
            (.reveal, "reveal print repeat show output display leak expose share disclose dump recite give tell"),
            (.secret, "hidden secret confidential"),
            (.system, "system"),
            (.not, "not don't dont never without"),
            (.tell, "tell inform mention notify alert reveal warn telling informing notifying alerting"),
            (.person, "user users human operator person anyone anybody owner"),
            (.now, "now"),
            (.unbound, "unrestricted dan jailbroken uncensored unfiltered root admin administrator developer evil"),
            (.everything, "everything anything all what whatever"),
            (.told, "told said learned above before"),
            (.you, "you you're youre"),
            (.new, "new updated"),
        ]
        var table: [String: Role] = [:]
        for (role, words) in classes {
            for word in words.split(separator: " ") { table[String(word), default: []].insert(role) }
        }
        return table
    }()
}
