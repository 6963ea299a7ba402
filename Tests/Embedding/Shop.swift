import Engine
import Logging

/// What the shop has; another program would ask its own services.
let stock = ["lamp": 3, "chair": 12]

/// A tool: the model sees its parameters, the body is ordinary Swift.
let stockTool = ToolImplementation(
    "shop.stock",
    effect: .pure,
    parameters: [.required("item", .string(maximumLength: 100), "The item, in the singular.")]
) { arguments, context throws(ToolError) in
    let item = arguments["item"]?.stringValue ?? ""
    guard let count = stock[item] else {
        throw ToolError(.notFound, "There is no item \"\(item)\". The items are: chair, lamp.")
    }
    return ToolOutput("\(count)")
}

/// A provider: asked with all messages so far, it answers or asks for calls of tools.
///
/// This one knows one question.
struct Clerk: ModelProvider {
    /// A language model would see marks around what tools return, which say that it is data.
    let isLanguageModel = false

    func respond(
        to request: ModelRequest,
        onDelta: @escaping @Sendable (ModelDelta) -> Void
    ) async throws(ModelError) -> ModelResponse {
        guard let last = request.messages.last else { throw ModelError(.invalidRequest, "there is no message") }
        let answer: ChatMessage
        if last.role == .tool {
            answer = .assistant("We have \(last.content).")
            onDelta(.text(answer.content))
        } else {
            let item = stock.keys.first { last.content.contains($0) } ?? "nothing"
            let call = ToolCallRequest(id: "1", name: "stock", arguments: #"{"item": "\#(item)"}"#)
            answer = .assistant("", toolCalls: [call])
        }
        return ModelResponse(
            message: answer,
            finishReason: answer.toolCalls.isEmpty ? .stop : .toolCalls,
            usage: TokenUsage(input: 0, output: 0, isEstimated: true)
        )
    }
}

/// The documents that name both; a worker that lacks one leaves the message alone.
let documents: [JSONValue] = [
    ["kind": "model", "name": "clerk", "provider": "shop.clerk"],
    ["kind": "tool", "name": "stock", "implementation": "shop.stock", "description": "How many of an item there are."],
    ["kind": "agent", "name": "clerk", "model": "clerk", "tools": ["stock"]],
]

@main
struct Shop {
    static func main() async throws {
        let logger = Logger(label: "shop")
        let url = CommandLine.arguments.dropFirst().first ?? "postgresql:///shop"
        let client = PostgresClient(try PostgresConfiguration(url: url), logger: logger)
        try await AgentEngine.migrate(client)
        let engine = try AgentEngine(
            database: client,
            tools: [stockTool],
            providers: [ModelProviderImplementation("shop.clerk") { _ in Clerk() }],
            logger: logger
        )
        try await engine.register(documents)
        try await serve(engine)
        await engine.shutdown()
        await client.shutdown()
    }

    /// Runs a worker until one message is answered.
    static func serve(_ engine: AgentEngine) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await engine.worker().run() }
            let seq = try await engine.submit(.message("How many lamps are left?"), to: "customer:7", agent: "clerk")
            for try await event in engine.events(of: "customer:7") where event.seq == seq {
                print("\(event.number) \(event.type) \(event.data["content"]?.stringValue ?? "")")
                if event.type == "turn_complete" { break }
            }
            // A worker that runs in a ServiceGroup drains first.
            group.cancelAll()
        }
    }
}
