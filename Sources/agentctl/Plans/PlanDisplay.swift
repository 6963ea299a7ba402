import Conversation
import Engine
import JSON
import Orchestration

/// Shows the steps of a plan as they begin and end, on stderr.
struct PlanDisplay: Display {
    private let console: Console
    /// What is known of the steps, by number.
    private var lines: [Int: PlanStep] = [:]

    private init(_ steps: [JSONObject], _ console: Console) {
        self.console = console
        for (index, object) in steps.enumerated() {
            guard let step = PlanStep(.object(object), number: index + 1) else { continue }
            lines[step.number] = step
        }
    }

    /// Shows events until there are no more.
    static func show(_ events: AsyncStream<TurnEvent>, of steps: [JSONObject], on console: Console) async {
        var display = PlanDisplay(steps, console)
        for await event in events { await display.show { $0.show(event) } }
    }

    private mutating func show(_ event: TurnEvent) {
        guard !console.isJSON else { return }
        switch event {
        case .toolStarted(let call):
            guard let number = PlanProvider.step(ofCall: call.id) else { return learn(from: call) }
            if let step = lines[number] { write(step, .running, style: .cyan) }
        case .toolFinished(let id, _, _, let isError):
            guard let number = PlanProvider.step(ofCall: id), let step = lines[number] else { return }
            write(step, isError ? .failed : .completed, style: isError ? .red : .green)
        case .started, .text, .reset, .modelFailed, .steered, .toolOutput: break
        }
    }

    /// Takes the steps of a recovery from the call that adds them.
    private mutating func learn(from call: ToolCallRequest) {
        guard call.name == PlanProvider.updateTool, let arguments = try? JSONValue(parsing: call.arguments) else {
            return
        }
        for object in arguments["steps"]?.arrayValue ?? [] {
            guard let step = PlanStep(object, number: 0), step.number > 0, lines[step.number] == nil else { continue }
            lines[step.number] = step
        }
    }

    private mutating func write(_ step: PlanStep, _ status: PlanStep.Status, style: TextStyle) {
        var step = step
        (step.status, step.after, step.recovers) = (status, [], nil)
        lines[step.number] = step
        console.note(console.messages.styled(Printable.line(step.line, width: 200), style))
    }
}
