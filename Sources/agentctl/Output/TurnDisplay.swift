import Conversation
import Engine
import JSON

/// Shows a turn as it goes: its text on stdout, its tool calls and what its tasks do on stderr.
struct TurnDisplay: Display {
    private let console: Console
    private var tasks: TaskDisplay
    /// Whether the last event was a piece of the answer.
    private var isAnswering = false
    private var calls = ToolCallDisplay()
    /// Whether the last character on stdout ended a line.
    private var isAtLineStart = true

    private init(_ tasks: TaskDisplay, console: Console) {
        (self.tasks, self.console) = (tasks, console)
    }

    /// Shows events until there are no more.
    ///
    /// - Parameters:
    ///   - events: The turn's events; nil asks for news of its tasks.
    ///   - tasks: Shows these.
    ///   - questions: Receives the end of each request for news.
    ///   - isChain: Whether an agent's name is that of a chain, whose turns have tasks.
    ///   - console: Where all of it goes.
    static func show(
        _ events: AsyncStream<TurnEvent?>,
        _ tasks: TaskDisplay,
        _ questions: NewsQuestions,
        isChain: @escaping @Sendable (String) async -> Bool,
        on console: Console
    ) async {
        var display = TurnDisplay(tasks, console: console)
        for await event in events {
            if let event { await display.tasks.note(event, isChain: isChain) }
            // What tasks said stands before the answer that was made of it.
            let news = display.isNewsDue(before: event) ? await display.tasks.news() : []
            await display.show {
                $0.show(news)
                if let event { $0.show(event) }
            }
            if event == nil { questions.answered() }
        }
        let rest = await display.tasks.news()
        await display.show {
            $0.show(rest)
            $0.endLines()
        }
    }

    /// Whether to look for news of tasks: when asked to, and before an answer begins.
    private mutating func isNewsDue(before event: TurnEvent?) -> Bool {
        guard case .text? = event else {
            if event != nil { isAnswering = false }
            // A line about a task does not cut the answer's.
            return event == nil && !isAnswering
        }
        defer { isAnswering = true }
        return !isAnswering
    }

    private mutating func show(_ news: [TreeFollower.Followed]) {
        guard !news.isEmpty else { return }
        endLine()
        write(calls.closeLine(), to: console.messages)
        for followed in news { tasks.show(followed) }
    }

    private mutating func show(_ event: TurnEvent) {
        guard !console.isJSON else { return console.printLine(.object(event.json)) }
        switch event {
        case .started: break
        case .text(let text):
            write(calls.closeLine(), to: console.messages)
            console.output.write(console.output.shown(text))
            if let last = text.last { isAtLineStart = last == "\n" }
        case .reset:
            endLines()
            console.note(console.messages.styled("(the answer starts again)", .dim))
        case .modelFailed(let model, let error, let next, let wait):
            endLines()
            let what = next == model ? "it is asked again" : "\(next) is asked"
            let time = wait >= .seconds(1) ? " in \(FieldFormat.fixed(wait.milliseconds / 1_000, digits: 0)) s" : ""
            let note = "(model \(model) failed: \(Printable.line(error, width: 200)); \(what)\(time))"
            console.note(console.messages.styled(note, .dim))
        case .steered(let text):
            endLines()
            console.note(console.messages.styled("↳ \(Printable.line(text, width: 400))", .dim))
        case .toolStarted(let call):
            endLine()
            write(calls.started(call, on: console.messages), to: console.messages)
        case .toolOutput(_, let text):
            endLine()
            write(calls.closeLine() + console.messages.styled(console.messages.shown(text), .dim), to: console.messages)
        case .toolFinished(let id, let name, let output, let isError):
            endLine()
            let shown = calls.finished(id: id, name: name, output: output, isError: isError, on: console.messages)
            write(shown, to: console.messages)
        }
    }

    /// The same of a call's line as well, which a call that waits or was stopped leaves open.
    private mutating func endLines() {
        endLine()
        if !console.isJSON { write(calls.closeLine(), to: console.messages) }
    }

    private func write(_ text: String, to stream: TextStream) {
        if !console.isQuiet { stream.write(text) }
    }

    /// Ends the line that text is on, so that what follows has one of its own.
    private mutating func endLine() {
        guard !isAtLineStart, !console.isJSON else { return }
        console.output.write("\n")
        isAtLineStart = true
    }
}
