import Conversation
import Definitions
internal import JSON

internal import struct FoundationEssentials.UUID

/// Runs other tools one after the other, each with what the ones before found.
///
/// A step is a call like a model's: arguments are checked by the tool's schema, its limits hold, what it refuses is
/// refused. The first failure ends the pipeline, and the model is told how far it came.
struct PipelineTool: ImplementedTool {
    package static let implementation = ToolImplementation(
        name: "pipeline",
        description: "Runs several tools one after the other.",
        effect: .unsafe,
        parameters: [],
        configurationMembers: [],
        make: { settings, _ in PipelineTool(settings: settings) }
    )

    /// How deep pipelines may stand within pipelines.
    package static let maximumDepth = 8

    /// How much of each result is told when a later step fails.
    private static let partialBytes = 1_024

    package let settings: ToolSettings
    private var steps: [PipelineStep] = []
    private var tools: ToolRouter?

    private init(settings: ToolSettings) {
        self.settings = settings
    }

    /// The pipeline with its steps.
    package func with(steps: [PipelineStep], tools: ToolRouter) -> PipelineTool {
        var pipeline = self
        pipeline.steps = steps
        pipeline.tools = tools
        return pipeline
    }

    /// The strongest of its steps' effects; what writes in the transaction of its own result does not do so here.
    package var effect: ToolEffect {
        if let stated = settings.statedEffect { return stated }
        let effects = Set(steps.compactMap { tools?.tool(named: $0.tool)?.effect })
        if !effects.isDisjoint(with: [.unsafe, .sql]) { return .unsafe }
        return effects.contains(.idempotent) ? .idempotent : .pure
    }

    var asksBeforeEffects: Bool { true }

    /// The facts of its steps, with the arguments that are known before it runs.
    package func facts(of arguments: JSONValue) -> ToolFacts {
        var facts = ToolFacts()
        facts.isPartial = true
        for step in steps {
            guard let tool = tools?.tool(named: step.tool) else { continue }
            facts.add(
                tool.facts(of: step.arguments.preview(for: arguments)),
                withoutTextsThatHold: PipelineTemplate.gap
            )
        }
        return facts
    }

    package func call(_ arguments: JSONValue, in context: ToolContext) async throws(ToolError) -> ToolOutput {
        guard let tools else { throw ToolError(.configuration, "The pipeline has no steps.", isFatal: true) }
        var state = PipelineState(input: arguments)
        var done: [(name: String, text: String)] = []
        var last = ToolOutput("[no step was run]")
        for (index, step) in steps.enumerated() {
            guard step.isWanted(in: state) else { continue }
            do throws(ToolError) {
                last = try await run(step, index, tools, state, context)
                let result = try step.result(of: last)
                if step.selection != nil {
                    let text = result.stringValue ?? result.prettyText
                    last = ToolOutput(text, value: result)
                }
                state.results[index] = result
                state.previous = result
                done.append((step.name, last.text))
            } catch {
                throw Self.failure(error, at: index, of: steps, after: done)
            }
        }
        return last
    }

    private func run(
        _ step: PipelineStep,
        _ index: Int,
        _ tools: ToolRouter,
        _ state: PipelineState,
        _ context: ToolContext
    ) async throws(ToolError) -> ToolOutput {
        var context = context
        // Two steps are two requests to whoever tells repetitions by the key.
        context.idempotencyKey = context.idempotencyKey.map { Self.key($0, step: index) }
        let arguments = try step.arguments.value(in: state) ?? [:]
        if let tool = tools.tool(named: step.tool) {
            context.pathRules = context.pathRulesOfStep(tool, arguments).within(context.pathRules)
        }
        let request = ToolCallRequest(id: context.callID, name: step.tool, arguments: arguments.text)
        let result = await tools.call(request, in: context)
        // What a command printed says more than that it failed.
        if result.output.isFailure { throw ToolError(.failed, result.output.text) }
        if let error = result.error { throw error }
        return result.output
    }

    private static func failure(
        _ error: ToolError,
        at index: Int,
        of steps: [PipelineStep],
        after done: [(name: String, text: String)]
    ) -> ToolError {
        let step = steps[index]
        let name = step.name == "\(index + 1)" ? step.tool : "\(step.name), \(step.tool)"
        var message = "Step \(index + 1) of \(steps.count) (\(name)) failed: \(error.message)"
        if !done.isEmpty {
            let results = done.map { step in
                let text = step.text.prefix(utf8: partialBytes)
                return "- \(step.name): \(text)\(text.utf8.count < step.text.utf8.count ? "…" : "")"
            }
            message += "\nThe steps before it were done, and gave:\n" + results.joined(separator: "\n")
        }
        var failure = ToolError(
            error.code,
            message,
            isFatal: error.isFatal,
            problems: error.problems,
            hint: error.hint
        )
        failure.printed = error.printed
        return failure
    }

    /// A key that is the same whenever it is made for the same step of the same call.
    package static func key(_ key: UUID, step: Int) -> UUID {
        let input =
            withUnsafeBytes(of: key.uuid) { Array($0) } + withUnsafeBytes(of: UInt64(step).littleEndian) { Array($0) }
        var halves: [UInt64] = [0xCBF2_9CE4_8422_2325, 0x8422_2325_CBF2_9CE4]
        for half in halves.indices {
            for byte in input {
                halves[half] = (halves[half] ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
                // Lets high bits reach the low ones, which a product alone does not.
                halves[half] ^= halves[half] >> 29
            }
        }
        var bytes = withUnsafeBytes(of: (halves[0].bigEndian, halves[1].bigEndian)) { Array($0) }
        bytes[6] = bytes[6] & 0x0F | 0x80
        bytes[8] = bytes[8] & 0x3F | 0x80
        return bytes.withUnsafeBytes { UUID(uuid: $0.loadUnaligned(as: type(of: key.uuid))) }
    }
}
