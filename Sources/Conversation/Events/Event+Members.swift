package import JSON

extension Event.CallReference {
    package var json: JSONObject { ["call": .integer(Int64(call)), "id": .string(id), "name": .string(name)] }

    package init?(_ data: EventData) {
        guard let call = data.count("call"), let id = data.text("id"), let name = data.text("name") else { return nil }
        self.init(call: call, id: id, name: name)
    }
}

extension Event.ApprovalQuestion {
    package var json: JSONObject {
        JSONObject().adding("approval", approval).adding("call", call).adding("tool", tool).adding("place", place)
            .adding("subject", subject).adding("rule", rule)
    }

    package init?(_ data: EventData) {
        guard let subject = data.text("subject"), let rule = data.text("rule") else { return nil }
        self.init(
            approval: data.number("approval"),
            call: data.count("call"),
            tool: data.text("tool"),
            place: data.text("place"),
            subject: subject,
            rule: rule
        )
    }
}

extension Event.ApprovalAnswer {
    package var json: JSONObject {
        JSONObject().adding("approval", approval).adding("call", call).adding("place", place).adding(
            "decision",
            decision
        )
        .adding("scope", scope).adding("reason", reason).adding("by", by)
    }

    init?(_ data: EventData) {
        guard let approval = data.number("approval"), let decision = data.text("decision"),
            let scope = data.text("scope"), let by = data.text("by")
        else { return nil }
        self.init(
            approval: approval,
            call: data.count("call"),
            place: data.text("place"),
            decision: decision,
            scope: scope,
            reason: data.text("reason"),
            by: by
        )
    }
}

extension Event.TurnTotal {
    package var json: JSONObject {
        [
            "status": .string(status.rawValue), "input_tokens": .integer(Int64(inputTokens)),
            "output_tokens": .integer(Int64(outputTokens)), "cost_usd": .number(cost),
            "duration_ms": .number(milliseconds),
        ]
    }

    init?(_ data: EventData) {
        guard let status = data.text("status").flatMap(TurnStatus.init(rawValue:)),
            let input = data.count("input_tokens"), let output = data.count("output_tokens"),
            let cost = data.fraction("cost_usd"), let milliseconds = data.fraction("duration_ms")
        else { return nil }
        self.init(
            status: status,
            inputTokens: input,
            outputTokens: output,
            cost: cost,
            milliseconds: milliseconds
        )
    }
}

extension Event.UndoneTurns {
    package var json: JSONObject {
        [
            "turns": .array(turns.map { .integer($0) }), "messages": .integer(Int64(messages)),
            "effects": .array(effects.map { .object($0.json) }),
        ]
    }

    init?(_ data: EventData) {
        guard let turns = data.object["turns"]?.arrayValue, let messages = data.count("messages"),
            let effects = data.object["effects"]?.arrayValue
        else { return nil }
        self.init(
            turns: turns.compactMap(\.integerValue),
            messages: messages,
            effects: effects.compactMap { $0.objectValue.flatMap { Effect(EventData(object: $0)) } }
        )
        guard self.turns.count == turns.count, self.effects.count == effects.count else { return nil }
    }
}

extension Event.UndoneTurns.Effect {
    package var json: JSONObject {
        var object: JSONObject = [
            "turn": .integer(turn), "call": .integer(Int64(call)), "tool": .string(tool), "state": .string(state),
        ]
        object["conversation"] = conversation.map { .string($0) }
        return object
    }

    package init?(_ data: EventData) {
        guard let turn = data.number("turn"), let call = data.count("call"), let tool = data.text("tool"),
            let state = data.text("state")
        else { return nil }
        self.init(conversation: data.text("conversation"), turn: turn, call: call, tool: tool, state: state)
    }
}

extension Event.TaskState {
    package var json: JSONObject {
        JSONObject().adding("task", task).adding("number", number).adding("agent", agent).adding("state", state)
            .adding("conversation", conversation).adding("code", code)
    }

    init?(_ data: EventData) {
        guard let task = data.number("task"), let number = data.count("number"), let state = data.text("state")
        else { return nil }
        self.init(
            task: task,
            number: number,
            agent: data.text("agent"),
            state: state,
            conversation: data.text("conversation"),
            code: data.text("code")
        )
    }
}

extension Event.NodeVisit {
    package var json: JSONObject {
        JSONObject().adding("node", node).adding("visit", visit).adding("status", status).adding("code", code)
    }

    init?(_ data: EventData) {
        guard let node = data.text("node"), let visit = data.count("visit"), let status = data.text("status") else {
            return nil
        }
        self.init(node: node, visit: visit, status: status, code: data.text("code"))
    }
}

extension Event.PlanState {
    package var json: JSONObject {
        JSONObject().adding("plan", plan).adding("revision", revision).adding("state", state).adding("steps", steps)
            .adding("completed", completed)
    }

    init?(_ data: EventData) {
        guard let plan = data.number("plan"), let revision = data.count("revision"), let state = data.text("state"),
            let steps = data.count("steps"), let completed = data.count("completed")
        else { return nil }
        self.init(plan: plan, revision: revision, state: state, steps: steps, completed: completed)
    }
}

extension Event.MessageRange {
    package var json: JSONObject { ["first_message": .integer(first), "last_message": .integer(last)] }

    package init?(_ data: EventData) {
        guard let first = data.number("first_message"), let last = data.number("last_message") else { return nil }
        self.init(first: first, last: last)
    }
}

extension Event.CompactedMessages {
    package var json: JSONObject {
        messages.json.adding("summary_bytes", summaryBytes).adding("before_tokens", beforeTokens)
            .adding("after_tokens", afterTokens).adding("by", by).adding("reason", reason)
    }

    init?(_ data: EventData) {
        guard let messages = Event.MessageRange(data), let bytes = data.count("summary_bytes"),
            let before = data.count("before_tokens"), let after = data.count("after_tokens"), let by = data.text("by")
        else { return nil }
        self.init(
            messages: messages,
            summaryBytes: bytes,
            beforeTokens: before,
            afterTokens: after,
            by: by,
            reason: data.text("reason")
        )
    }
}
