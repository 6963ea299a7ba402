package import Conversation
package import JSON

/// The form in which a model writes its steps: its instructions, which tools there are, and how it answers.
///
/// It is for models that know no calls of tools. They are never shown a JSON Schema: small models copy it as arguments.
package struct ReactForm: Sendable {
    /// The action that is no tool, and ends the turn.
    package static let finish = "finish"
    /// The line at which a model is stopped: what a tool returns is not its to write.
    package static let stop = "\nObservation:"

    let tools: [ReactTool]
    /// What finish takes.
    let finishTool: ReactTool
    /// Whether the input of finish is the answer itself, and not an object around it.
    let isAnswerInput: Bool
    /// What an answer has to fit; nil for text.
    let outputSchema: JSONValue?

    /// The form for the tools of a request and the schema of its answer.
    package init(_ request: ModelRequest) {
        tools = request.tools.map(ReactTool.init)
        outputSchema = request.outputSchema
        let isObject =
            outputSchema?["type"] == "object"
            || outputSchema?["type"] == nil
                && outputSchema?["properties"] != nil
        isAnswerInput = isObject
        let answer = outputSchema ?? ["type": "string"]
        let wrapped: JSONValue = ["type": "object", "properties": ["answer": answer], "required": ["answer"]]
        finishTool = ReactTool(
            name: Self.finish,
            description: "Ends the work and answers the user.",
            schema: isObject ? outputSchema : wrapped
        )
    }

    /// The form in three lines.
    static let lines = """
        Thought: what you think about what to do next
        Action: the name of one tool, or finish
        Action Input: one JSON object with its arguments
        """

    /// The instructions that follow the agent's own.
    package var instructions: String {
        let answer = outputSchema == nil ? #"{"answer": "your answer to the user"}"# : finishTool.example
        let more = outputSchema == nil ? "" : "\nThe input of finish: \(finishTool.argumentList)."
        return """
            You work in steps. In each step write exactly this, and nothing else:
            \(Self.lines)
            Then stop. The result comes back to you as an Observation; never write one yourself.

            When you know the answer, write:
            Thought: I know the answer.
            Action: finish
            Action Input: \(answer)\(more)

            The tools:
            \(tools.map(\.text).joined(separator: "\n"))

            An example of one step:
            \(example)
            """
    }

    private var example: String {
        guard let tool = tools.first(where: { !$0.arguments.isEmpty }) ?? tools.first else { return Self.lines }
        return Self.step(thought: "I need the tool \(tool.name).", name: tool.name, arguments: tool.example)
    }

    /// A step as a model writes it.
    static func step(thought: String, name: String, arguments: String) -> String {
        "Thought: \(thought)\nAction: \(name)\nAction Input: \(arguments)"
    }

    /// The answer to a step that cannot be read: what is wrong, and the form again.
    ///
    /// - Parameter what: What is wrong with it.
    package static func correction(_ what: String) -> String {
        "Your step cannot be used: \(what).\nWrite exactly this, and nothing else:\n\(lines)"
    }

    /// The tool that a text names: by its name in any case, with what stands around it.
    ///
    /// - Returns: The tool; nil if there is none of that name, or several are named.
    func tool(named text: String) -> ReactTool? {
        let all = tools + [finishTool]
        if let tool = all.first(where: { $0.name == text }) { return tool }
        let word = text.lowercased()
        if let tool = all.first(where: { $0.name.lowercased() == word }) { return tool }
        // functions.calculator
        if let last = word.split(separator: ".").last, last.count < word.count {
            return all.first { $0.name.lowercased() == last }
        }
        return ["final answer", "final_answer", "final", "answer"].contains(word) ? finishTool : nil
    }
}
