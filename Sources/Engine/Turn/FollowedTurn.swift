import Conversation

/// How much of a turn a follower has seen and emitted: pieces while it runs, and then the durable events, of which it
/// emits only what it has not emitted before.
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
        for shown in event.shown { take(shown, emit) }
    }

    private mutating func take(_ event: TurnEvent, _ emit: (TurnEvent) -> Void) {
        switch event {
        case .started: break
        case .text(let piece):
            text += piece
            emit(event)
        case .reset: reset(emit)
        case .steered:
            // An answer that was given before it is not the reply.
            text = ""
            emit(event)
        case .toolStarted(let call):
            guard startedCalls.insert(call.id).inserted else { return }
            // What was said before a tool round is not part of the reply.
            text = ""
            emit(event)
        case .toolOutput, .modelFailed: emit(event)
        case .toolFinished(let id, _, _, _):
            if finishedCalls.insert(id).inserted { emit(event) }
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

    /// A later attempt emits everything again: the worker of the one before is gone.
    private mutating func beginAnew(ifLaterThan attempt: Int, _ emit: (TurnEvent) -> Void) {
        if position.attempt != 0, attempt > position.attempt {
            reset(emit)
            startedCalls = []
            finishedCalls = []
        }
        position.attempt = attempt
    }

    private mutating func reset(_ emit: (TurnEvent) -> Void) {
        text = ""
        emit(.reset)
    }
}
