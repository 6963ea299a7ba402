package import JSON

extension Event {
    /// The data as it is stored.
    package var data: JSONObject {
        switch self {
        case .turnStarted(let agent, let version):
            JSONObject().adding("agent", agent).adding("agent_version", version)
        case .message, .interrupted, .closed: [:]
        case .cancelled(let by): ["by": .string(by)]
        case .steered(let number): ["by": .integer(number)]
        case .toolCallRequested(let call), .toolStarted(let call): call.json
        case .toolFinished(let name, let isError): ["name": .string(name), "is_error": .bool(isError)]
        case .callInDoubt(let call): ["call": .integer(Int64(call))]
        case .callResolved(let call, let outcome, let by):
            ["call": .integer(Int64(call)), "outcome": .string(outcome), "by": .string(by)]
        case .approvalRequested(let question): question.json
        case .approvalDecided(let answer): answer.json
        case .waiting(let reason): ["for": .string(reason.rawValue)]
        case .guardrailHit(let guardrail, let place, let action, let tool):
            JSONObject().adding("guardrail", guardrail).adding("place", place).adding("action", action)
                .adding("tool", tool)
        case .limitReached(let limit): ["limit": .string(limit)]
        case .error(let code, let message, let cost):
            JSONObject().adding("code", code).adding("message", message).adding("cost_usd", cost.map(USD.rounded))
        case .turnComplete(let total): total.json
        case .undone(let turns), .redone(let turns): turns.json
        case .settingsChanged(let settings): settings
        case .compacted(let messages): messages.json
        case .compactionUndone(let messages): messages?.json ?? [:]
        case .taskAssigned(let task), .taskFinished(let task): task.json
        case .nodeFinished(let visit): visit.json
        case .handedOver(let from, let to): ["from": .string(from), "to": .string(to)]
        case .planUpdated(let plan): plan.json
        case .modelChanged(let from, let to, let reason):
            ["from": .string(from), "to": .string(to), "reason": .string(reason)]
        case .memoryRecalled(let memories): memories.json
        }
    }

    /// Reads an event; nil when a member is missing or of another type.
    ///
    /// - Parameters:
    ///   - type: The type, in the words of `agentctl.event`.
    ///   - data: The data; further members, such as those of the message that it is about, are left alone.
    package init?(type: String, data: JSONValue) {
        guard let kind = Kind(rawValue: type), let object = data.objectValue,
            let event = Self.read(kind, EventData(object: object))
        else { return nil }
        self = event
    }

    private static func read(_ kind: Kind, _ data: EventData) -> Event? {
        switch kind {
        case .turnStarted: data.text("agent").map { .turnStarted(agent: $0, version: data.count("agent_version")) }
        case .message: .message
        case .steered: data.number("by").map { .steered(by: $0) }
        case .toolCallRequested: CallReference(data).map { .toolCallRequested($0) }
        case .toolStarted: CallReference(data).map { .toolStarted($0) }
        case .toolFinished: both(data.text("name"), data.flag("is_error")).map { .toolFinished(name: $0, isError: $1) }
        case .callInDoubt: data.count("call").map { .callInDoubt(call: $0) }
        case .callResolved:
            both(data.count("call"), both(data.text("outcome"), data.text("by"))).map {
                .callResolved(call: $0, outcome: $1.0, by: $1.1)
            }
        case .approvalRequested: ApprovalQuestion(data).map { .approvalRequested($0) }
        case .approvalDecided: ApprovalAnswer(data).map { .approvalDecided($0) }
        case .waiting: data.text("for").flatMap(WaitReason.init(rawValue:)).map { .waiting($0) }
        case .guardrailHit:
            both(data.text("guardrail"), both(data.text("place"), data.text("action"))).map {
                .guardrailHit(guardrail: $0, place: $1.0, action: $1.1, tool: data.text("tool"))
            }
        case .limitReached: data.text("limit").map { .limitReached($0) }
        case .interrupted: .interrupted
        case .cancelled: data.text("by").map { .cancelled(by: $0) }
        case .error:
            both(data.text("code"), data.text("message")).map {
                .error(code: $0, message: $1, cost: data.fraction("cost_usd"))
            }
        case .turnComplete: TurnTotal(data).map { .turnComplete($0) }
        case .undone: UndoneTurns(data).map { .undone($0) }
        case .redone: UndoneTurns(data).map { .redone($0) }
        case .settingsChanged: .settingsChanged(data.object)
        case .compacted: CompactedMessages(data).map { .compacted($0) }
        case .compactionUndone: .compactionUndone(messages: MessageRange(data))
        case .closed: .closed
        case .taskAssigned: TaskState(data).map { .taskAssigned($0) }
        case .taskFinished: TaskState(data).map { .taskFinished($0) }
        case .nodeFinished: NodeVisit(data).map { .nodeFinished($0) }
        case .handedOver: both(data.text("from"), data.text("to")).map { .handedOver(from: $0, to: $1) }
        case .planUpdated: PlanState(data).map { .planUpdated($0) }
        case .modelChanged:
            both(data.text("from"), both(data.text("to"), data.text("reason"))).map {
                .modelChanged(from: $0, to: $1.0, reason: $1.1)
            }
        case .memoryRecalled: RecalledMemories(data).map { .memoryRecalled($0) }
        }
    }

    private static func both<First, Second>(_ first: First?, _ second: Second?) -> (First, Second)? {
        guard let first, let second else { return nil }
        return (first, second)
    }
}

/// The members of an event's data, by their types.
package struct EventData {
    package let object: JSONObject

    package func text(_ name: String) -> String? { object[name]?.stringValue }
    package func number(_ name: String) -> Int64? { object[name]?.integerValue }
    package func count(_ name: String) -> Int? { number(name).map { Int($0) } }
    package func fraction(_ name: String) -> Double? { object[name]?.numberValue }
    package func flag(_ name: String) -> Bool? { object[name]?.boolValue }
}

extension JSONObject {
    /// The object with one more member, unless it has no value.
    package func adding(_ name: String, _ text: String?) -> JSONObject { adding(name, text.map { .string($0) }) }
    package func adding(_ name: String, _ count: Int?) -> JSONObject { adding(name, count.map { Int64($0) }) }
    package func adding(_ name: String, _ number: Int64?) -> JSONObject { adding(name, number.map { .integer($0) }) }
    package func adding(_ name: String, _ fraction: Double?) -> JSONObject {
        adding(name, fraction.map { .number($0) })
    }

    private func adding(_ name: String, _ value: JSONValue?) -> JSONObject {
        var object = self
        if let value { object[name] = value }
        return object
    }
}
