internal import JSON

/// Follows a turn that another process works on, by polling what it stores.
struct Follower: Sendable {
    let store: Store

    private static let interval: Duration = .milliseconds(50)
    /// Polls without news after which the caller looks whether anybody works on the turn at all.
    private static let pollsUntilDoubt = 40

    private struct State {
        var position: FollowPosition
        var shown = ""
    }

    /// Follows until the turn ends.
    ///
    /// - Parameters:
    ///   - conversation: The conversation.
    ///   - seq: The submission.
    ///   - lastEvent: The last event before it.
    ///   - emit: Told what happens.
    /// - Returns: How it ended; nil when nothing has moved for two seconds and nobody seems to work on it.
    /// - Throws: ``StoreError``; ``StoreError/Code/cancelled`` when the task is cancelled.
    func follow(
        conversation: String,
        seq: Int64,
        lastEvent: Int64,
        emit: @Sendable (TurnEvent) -> Void
    ) async throws(StoreError) -> TurnSummary? {
        var state = State(position: FollowPosition(event: lastEvent))
        var quiet = 0
        while true {
            if Task.isCancelled { throw StoreError(.cancelled, "no longer following; the worker goes on") }
            let events = try await store.follow(conversation: conversation, seq: seq, after: state.position)
            for event in events { Self.tell(event, &state, emit) }
            if events.contains(where: { $0.isDurable }),
                let summary = try await store.summary(conversation: conversation, seq: seq)
            {
                Self.tellRest(of: summary, state, emit)
                return summary
            }
            quiet = events.isEmpty ? quiet + 1 : 0
            if quiet >= Self.pollsUntilDoubt {
                quiet = 0
                if let summary = try await store.summary(conversation: conversation, seq: seq) {
                    Self.tellRest(of: summary, state, emit)
                    return summary
                }
                if try await !store.hasService() { return nil }
            }
            try? await Task.sleep(for: Self.interval)
        }
    }

    private static func tell(_ event: FollowedEvent, _ state: inout State, _ emit: (TurnEvent) -> Void) {
        guard !event.isDurable else {
            state.position.event = max(state.position.event, event.number)
            return
        }
        if state.position.attempt != 0, event.attempt > state.position.attempt {
            emit(.reset)
            state.shown = ""
        }
        state.position.attempt = event.attempt
        state.position.delta = Int(event.number)
        let data = event.data
        switch event.type {
        case "text":
            let text = data["text"]?.stringValue ?? ""
            state.shown += text
            emit(.text(text))
        case "reset":
            state.shown = ""
            emit(.reset)
        case "tool_started":
            state.shown = ""
            emit(
                .toolStarted(
                    ToolCallRequest(
                        id: data["id"]?.stringValue ?? "",
                        name: data["name"]?.stringValue ?? "",
                        arguments: data["arguments"]?.stringValue ?? ""
                    )
                )
            )
        case "tool_finished":
            emit(
                .toolFinished(
                    id: data["id"]?.stringValue ?? "",
                    name: data["name"]?.stringValue ?? "",
                    output: data["output"]?.stringValue ?? "",
                    isError: data["is_error"]?.boolValue ?? false
                )
            )
        default: break
        }
    }

    /// Tells what of the reply was not seen as pieces.
    private static func tellRest(of summary: TurnSummary, _ state: State, _ emit: (TurnEvent) -> Void) {
        guard let reply = summary.reply, reply != state.shown else { return }
        if reply.hasPrefix(state.shown) {
            emit(.text(String(reply.dropFirst(state.shown.count))))
        } else {
            emit(.reset)
            emit(.text(reply))
        }
    }
}
