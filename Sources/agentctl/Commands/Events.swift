import ArgumentParser
import Conversation
import Engine
import JSON
import Store

import struct FoundationEssentials.Date

/// The command `agentctl events`.
struct Events: Command {
    static let configuration = CommandConfiguration(
        abstract: "Read a conversation's events, one JSON object a line, and follow new ones.",
        discussion: """
            Events are numbered from 1 without gaps. A client that remembers the last number and asks for what follows it \
            misses nothing and sees nothing twice, however often it is cut off. With --follow it resumes by itself after the \
            database was restarted, and ends when nobody reads its output any more. With --live the pieces of answers \
            (model_delta) and of tools' output (tool_output) are printed as well, as they come: they have no number, and the \
            event that follows them has the whole.

            EXAMPLE
              agentctl events 123
              agentctl events 123 --follow --live
              agentctl events 123 --tree --follow      (with the events of all tasks below it, each with its turn)
              agentctl events 123 --type approval_requested --follow --limit 1
              agentctl events 123 --after 17 --follow | jq 'select(.type == "message") | .content'
            """
    )

    @Argument(help: "The conversation.")
    var conversation: String

    @Option(help: ArgumentHelp("The last event that was seen.", valueName: "number"))
    var after: Int64 = 0

    @Option(help: ArgumentHelp("How many at most; then it ends.", valueName: "count"))
    var limit: Int?

    @Option(help: ArgumentHelp("Only events of this type; may be given again.", valueName: "type"))
    var type: [EventType] = []

    @Flag(help: "Wait for more, until Ctrl-C.")
    var follow = false

    @Flag(help: "Tell also what is not durable: pieces of answers and of tools' output. With --follow.")
    var live = false

    @Flag(help: "Tell also the events of the tasks below its turns; each line has the turn that it belongs to.")
    var tree = false

    @OptionGroup var options: GlobalOptions

    private static let pollInterval: Duration = .milliseconds(200)

    func validate() throws {
        guard after >= 0 else { throw ValidationError("--after is not negative.") }
        guard limit ?? 1 > 0 else { throw ValidationError("--limit counts from 1.") }
        guard !live || type.isEmpty && limit == nil else {
            throw ValidationError("--live has pieces that are no events: without --type and --limit.")
        }
        guard follow || !live else { throw ValidationError("--live is for --follow.") }
        guard !tree || after == 0 && !live else {
            throw ValidationError("--tree has the events of many conversations: without --after and --live.")
        }
    }

    func run(on console: Console) async throws -> ExitStatus {
        try await withStore(\.conversations, on: console) { conversations in
            try await SignalInterruption.run {
                if tree { return try await followTree(conversations, on: console) }
                var (last, left) = (after, limit ?? .max)
                var position = LivePosition()
                try await console.follow(waitsForDatabase: follow) {
                    if live {
                        // Before the events: a piece is printed before the event that has the whole.
                        for piece in try await conversations.livePieces(of: conversation, after: &position) {
                            if let line = piece.json(of: position) { console.printLine(line) }
                        }
                    }
                    let events = try await conversations.events(of: conversation, after: last)
                    for event in events where wants(event) && left > 0 {
                        console.printLine(event.json)
                        left -= 1
                    }
                    last = events.last?.number ?? last
                    guard left > 0 else { return nil }
                    guard events.isEmpty else { return .zero }
                    return follow ? Self.pollInterval : nil
                }
                return .done
            }
        }
    }

    private func followTree(_ conversations: ConversationStore, on console: Console) async throws -> ExitStatus {
        var follower = TreeFollower(conversation, in: conversations)
        var left = limit ?? .max
        try await console.follow(waitsForDatabase: follow) {
            let news = try await follower.next()
            for followed in news where wants(followed.event) && left > 0 {
                left -= 1
                let turn = "\(followed.conversation)/\(followed.event.seq)"
                var line: JSONObject = ["turn": .string(turn)]
                for member in followed.event.json.objectValue ?? [:] { line[member.key] = member.value }
                console.printLine(.object(line))
            }
            guard left > 0 else { return nil }
            guard news.isEmpty else { return .zero }
            return follow ? Self.pollInterval : nil
        }
        return .done
    }

    private func wants(_ event: ConversationEvent) -> Bool {
        type.isEmpty || type.contains { $0.name == event.type }
    }
}

extension FollowedEvent {
    /// The piece as a line of the stream; nil for what is also an event.
    func json(of position: LivePosition) -> JSONValue? {
        guard !isDurable, let piece = shown.first, let type = piece.kind.liveName else { return nil }
        let members =
            [("seq", .integer(position.seq)), ("type", .string(type))] + piece.data.map { ($0.key, $0.value) }
        return .object(JSONObject(members))
    }
}

extension ConversationEvent {
    /// The event as a line of the stream: the members of its data stand beside its own.
    var json: JSONValue {
        var object: JSONObject = [
            "number": .integer(number), "seq": .integer(seq), "type": .string(type),
            "at": .string(time.formatted(.iso8601)),
        ]
        for member in data.objectValue ?? [:] where object[member.key] == nil { object[member.key] = member.value }
        return .object(object)
    }
}

/// A type of event, as an option takes it.
struct EventType: ExpressibleByArgument {
    let name: String

    init?(argument: String) {
        guard Event.Kind(rawValue: argument) != nil else { return nil }
        name = argument
    }

    static var allValueStrings: [String] { Event.Kind.allCases.map(\.rawValue) }
}
