import JSON

extension InvariantChecker {
    /// Submissions that are lost or doubled, or did not come to an end.
    var lostSubmissions: [Violation] {
        unstoredSubmissions + unlistedConversations + state.controls.flatMap(unfinishedSubmissions)
            + state.turns.filter {
                ["failed", "limited"].contains($0.text("status")) && !hasSpentItsBudget($0) && !lacksAStoppedTask($0)
            }.map {
                let reason = "\($0.text("error_code")) \($0.text("error_message"))"
                return Violation(.lost, "turn \($0.place) \($0.text("status")): \(reason)")
            }
    }

    /// What no worker would find, or would look for in vain.
    private var unlistedConversations: [Violation] {
        state.misplaced.map {
            Violation(
                .lost,
                "\($0.text("conversation_id")) is \($0.text("state")) and \($0.text("listed")) in the list of work"
            )
        }
    }

    private var unstoredSubmissions: [Violation] {
        var stored: [String: [Int64]] = [:]
        for row in state.submissions {
            guard let message = row["body"]?["message"]?.stringValue else { continue }
            stored["\(row.text("conversation_id")) \(message)", default: []].append(row.number("seq"))
        }
        return submissions.compactMap { entry in
            let numbers = stored["\(entry.conversation) \(entry.text)"] ?? []
            switch entry.outcome {
            case .accepted(let seq) where numbers != [seq]:
                return Violation(.lost, "\(entry) was accepted as \(seq) and is stored as \(numbers)")
            case .answered where numbers.count != 1:
                return Violation(.lost, "\(entry) was answered and is stored as \(numbers)")
            case .rolledBack where !numbers.isEmpty:
                return Violation(.lost, "\(entry) was rolled back and is stored as \(numbers)")
            case .unknown where numbers.count > 1:
                return Violation(.lost, "\(entry) is stored \(numbers.count) times")
            default: return nil
            }
        }
    }

    private func unfinishedSubmissions(_ control: JSONValue) -> [Violation] {
        let conversation = control.text("conversation_id")
        let rows = state.of(conversation, state.submissions)
        var found: [Violation] = []
        if control.text("state") != "idle" {
            found.append(Violation(.lost, "\(conversation) is \(control.text("state")) when nothing runs"))
        }
        let numbers = rows.map { $0.number("seq") }
        if numbers != Self.count(numbers, after: base(of: conversation))
            || control.number("tail_seq") != base(of: conversation) + Int64(numbers.count)
        {
            found.append(Violation(.lost, "\(conversation) has the submissions \(numbers)"))
        }
        // What a turn has taken up has no other one.
        let asked = rows.filter { row in
            (row["body"]?["message"] ?? row["body"]?["input"]) != nil && row["taken_by"]?.integerValue == nil
        }.map { $0.number("seq") }
        let ended = state.of(conversation, state.turns).map { $0.number("seq") }
        if asked != ended {
            found.append(Violation(.lost, "\(conversation) has the turns \(ended) of the messages \(asked)"))
        }
        return found
    }

    /// 1, 2, 3 … as many as there are elements, or what comes after another number.
    static func count(_ elements: [Int64], after base: Int64 = 0) -> [Int64] {
        elements.indices.map { base + Int64($0) + 1 }
    }
}
