import Conversation
import JSON
import Orchestration
import Store

/// Shows what the tasks below a turn do, on stderr: a line for each call, answer and failure, labelled with who speaks.
///
/// With `--json` each event is a line of stdout instead, with its `turn` and `agent`.
struct TaskDisplay: Display {
    private var follower: TreeFollower
    private let root: String
    private let showsRoot: Bool
    private let console: Console
    /// Whether the turn may have tasks, as far as is known; before that nothing is read.
    private var isFollowing: Bool
    /// What a conversation is labelled with: its agent, with a number where several conversations have the same.
    private var speakers: [String: String] = [:]
    private var conversationsOfAgents: [String: Int] = [:]
    /// The agents of the conversations, as far as their turns were seen to begin.
    private var agents: [String: String] = [:]
    /// Calls that have begun, by conversation and id.
    private var calls: [String: ToolCallRequest] = [:]

    private static let width = 100
    private static let interval: Duration = .milliseconds(200)

    /// A display that has shown nothing.
    ///
    /// - Parameters:
    ///   - follower: Reads the conversation of the turn and those below it.
    ///   - root: That conversation.
    ///   - showsRoot: Whether its own events are shown, too.
    ///   - mayHaveTasks: Whether the turn may have tasks; else ``note(_:isChain:)`` has to say so.
    ///   - console: Where the lines go.
    init(
        _ follower: TreeFollower,
        root: String,
        showsRoot: Bool = false,
        mayHaveTasks: Bool = true,
        on console: Console
    ) {
        (self.follower, self.root, self.showsRoot, self.console) = (follower, root, showsRoot, console)
        isFollowing = mayHaveTasks
    }

    /// Takes note of what the turn does: a message that delegates nothing costs no statement more.
    ///
    /// - Parameter isChain: Whether an agent's name is that of a chain.
    mutating func note(_ event: TurnEvent, isChain: @Sendable (String) async -> Bool) async {
        guard !isFollowing else { return }
        switch event {
        case .started(let agent, _): isFollowing = await isChain(agent)
        case .toolStarted(let call): isFollowing = call.name == DelegateTool.name
        case .text, .reset, .modelFailed, .steered, .toolOutput, .toolFinished: break
        }
    }

    /// What is new since the last call; nothing while the database is away, which the caller waits for as well.
    mutating func news() async -> [TreeFollower.Followed] {
        guard isFollowing, let news = try? await follower.next() else { return [] }
        return news.filter { showsRoot || $0.conversation != root }
    }

    /// Shows an event.
    mutating func show(_ followed: TreeFollower.Followed) {
        for line in lines(of: followed) {
            if console.isJSON { console.output.write(line + "\n") } else { console.note(line) }
        }
    }

    /// Shows what happens while something is waited for, and what is left of it then; nothing where the output is to be
    /// one document.
    func show<Result: Sendable>(
        unless isOneDocument: Bool,
        while work: () async throws -> Result
    ) async throws -> Result {
        guard !isOneDocument else { return try await work() }
        let (ticks, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        async let display: Void = Self.show(ticks, on: self)
        async let _: Void = Self.tick { continuation.yield() }
        let result: Swift.Result<Result, any Error>
        do { result = .success(try await work()) } catch { result = .failure(error) }
        continuation.finish()
        await display
        return try result.get()
    }

    private static func show(_ ticks: AsyncStream<Void>, on display: TaskDisplay) async {
        var display = display
        for await _ in ticks { await display.showNews() }
        await display.showNews()
    }

    private mutating func showNews() async {
        let news = await news()
        guard !news.isEmpty else { return }
        await show { for event in news { $0.show(event) } }
    }

    /// Asks again and again whether there is news, until the calling task is cancelled.
    static func tick(_ look: @Sendable () -> Void) async {
        while (try? await Task.sleep(for: interval)) != nil { look() }
    }

    private mutating func lines(of followed: TreeFollower.Followed) -> [String] {
        let (conversation, event) = (followed.conversation, followed.event)
        if let agent = event.data["agent"]?.stringValue, event.type == Event.Kind.turnStarted.rawValue {
            name(agent, of: conversation)
            agents[conversation] = agent
        }
        let speaker = speakers[conversation] ?? conversation
        guard !console.isJSON else {
            var line: JSONObject = [
                "turn": .string("\(conversation)/\(event.seq)"),
                "agent": agents[conversation].map { .string($0) } ?? .null,
            ]
            for member in event.json.objectValue ?? [:] { line[member.key] = member.value }
            return [console.output.shown(json: JSONValue.object(line).text)]
        }
        let label = console.messages.styled("[\(Printable.line(speaker, width: 64))]", .dim)
        return texts(of: event, in: conversation).map { "\(label) \($0)" }
    }

    private mutating func texts(of event: ConversationEvent, in conversation: String) -> [String] {
        let data = event.data
        switch Event.Kind(rawValue: event.type) {
        case .message where data["role"]?.stringValue == "assistant":
            for call in data["tool_calls"]?.arrayValue ?? [] {
                guard let id = call["id"]?.stringValue, let tool = call["name"]?.stringValue else { continue }
                let arguments = call["arguments"]?.stringValue ?? ""
                calls["\(conversation) \(id)"] = ToolCallRequest(id: id, name: tool, arguments: arguments)
            }
            let text = data["content"]?.stringValue ?? ""
            return text.isEmpty ? [] : [Printable.line(text, width: 4 * Self.width)]
        case .toolFinished: return [finishedCall(data, in: conversation)]
        case .approvalRequested:
            return [console.messages.styled("waits for an approval: \(word(data["tool"]))", .yellow)]
        case .callInDoubt: return [console.messages.styled("a call is in doubt", .yellow)]
        case .limitReached: return [console.messages.styled("reached the limit \(word(data["limit"]))", .yellow)]
        case .error: return [console.messages.styled("\(word(data["code"])): \(word(data["message"]))", .red)]
        default: return []
        }
    }

    private mutating func finishedCall(_ data: JSONValue, in conversation: String) -> String {
        let id = data["tool_call_id"]?.stringValue ?? data["id"]?.stringValue ?? ""
        let call = calls.removeValue(forKey: "\(conversation) \(id)")
        let name = call?.name ?? data["name"]?.stringValue ?? data["tool"]?.stringValue ?? ""
        let isError = data["is_error"]?.boolValue ?? data["error"]?.boolValue ?? false
        let result = Printable.line(data["content"]?.stringValue ?? "", width: Self.width)
        let arguments = call.map { " " + Printable.line($0.arguments, width: Self.width) } ?? ""
        return console.messages.styled("⚙ \(Printable.line(name, width: 64))", .cyan) + arguments + " → "
            + console.messages.styled(result, isError ? .red : .bold)
    }

    private func word(_ value: JSONValue?) -> String {
        Printable.line(value?.stringValue ?? "", width: 2 * Self.width)
    }

    private mutating func name(_ agent: String, of conversation: String) {
        guard speakers[conversation] == nil else { return }
        let number = conversationsOfAgents[agent, default: 0] + 1
        conversationsOfAgents[agent] = number
        speakers[conversation] = number == 1 ? agent : "\(agent) #\(number)"
    }
}
