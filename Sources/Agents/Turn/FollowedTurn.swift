internal import JSON

/// How much of a turn a follower has seen and told: pieces while it runs, and then the durable events, of which only what
/// was not told before is told.
struct FollowedTurn {
    private(set) var position: FollowPosition
    private var text = ""
    private var startedCalls: Set<String> = []
    private var finishedCalls: Set<String> = []

    init(after lastEvent: Int64) {
        position = FollowPosition(event: lastEvent)
    }

    mutating func take(_ event: FollowedEvent, _ emit: (TurnEvent) -> Void) {
        if event.isDurable {
            position.event = max(position.event, event.number)
        } else {
            beginAnew(ifLaterThan: event.attempt, emit)
            position.delta = Int(event.number)
        }
        let data = event.data
        switch event.type {
        case "text": add(data["text"]?.stringValue ?? "", emit)
        case "reset": reset(emit)
        case "steered" where !event.isDurable:
            // An answer that was given before it is not the reply.
            text = ""
            emit(.steered(data["text"]?.stringValue ?? ""))
        case "tool_started": start(data, emit)
        case "message": for call in data["tool_calls"]?.arrayValue ?? [] { start(call, emit) }
        case "tool_output":
            emit(.toolOutput(id: data["id"]?.stringValue ?? "", text: data["text"]?.stringValue ?? ""))
        case "tool_finished": finish(data, emit)
        default: break
        }
    }

    /// Tells what of the reply was not seen as pieces.
    func tellRest(of summary: TurnSummary, _ emit: (TurnEvent) -> Void) {
        guard let reply = summary.reply, reply != text else { return }
        if reply.hasPrefix(text) {
            emit(.text(String(reply.dropFirst(text.count))))
        } else {
            emit(.reset)
            emit(.text(reply))
        }
    }

    /// A later attempt tells everything again: the worker of the one before is gone.
    private mutating func beginAnew(ifLaterThan attempt: Int, _ emit: (TurnEvent) -> Void) {
        if position.attempt != 0, attempt > position.attempt {
            reset(emit)
            startedCalls = []
            finishedCalls = []
        }
        position.attempt = attempt
    }

    private mutating func add(_ piece: String, _ emit: (TurnEvent) -> Void) {
        text += piece
        emit(.text(piece))
    }

    private mutating func reset(_ emit: (TurnEvent) -> Void) {
        text = ""
        emit(.reset)
    }

    private mutating func start(_ data: JSONValue, _ emit: (TurnEvent) -> Void) {
        let call = ToolCallRequest(
            id: data["id"]?.stringValue ?? "",
            name: data["name"]?.stringValue ?? "",
            arguments: data["arguments"]?.stringValue ?? ""
        )
        guard startedCalls.insert(call.id).inserted else { return }
        // What was said before a tool round is not part of the reply.
        text = ""
        emit(.toolStarted(call))
    }

    private mutating func finish(_ data: JSONValue, _ emit: (TurnEvent) -> Void) {
        let id = data["id"]?.stringValue ?? ""
        guard finishedCalls.insert(id).inserted else { return }
        emit(
            .toolFinished(
                id: id,
                name: data["name"]?.stringValue ?? "",
                output: data["output"]?.stringValue ?? "",
                isError: data["is_error"]?.boolValue ?? false
            )
        )
    }
}
