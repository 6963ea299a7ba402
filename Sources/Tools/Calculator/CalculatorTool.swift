import Conversation
internal import JSON

/// Computes arithmetic expressions, exactly where decimal digits allow it.
struct CalculatorTool: ImplementedTool {
    package static let implementation = ToolImplementation(
        name: "calculator",
        description: """
            Computes an arithmetic expression exactly. Operators: + - * / ^ % (modulo between two numbers, percent after \
            one), parentheses, "15% of 2847", "200 + 10%". Functions: sqrt abs round(x, decimals) floor ceil min max \
            log(x, base; base 10 if left out) ln exp sin cos tan (radians). Constants: pi e.
            """,
        effect: .pure,
        parameters: [
            .required(
                "expression",
                .string(maximumLength: CalculatorParser.maximumBytes),
                "The expression, without thousands separators, for example (1 + 2) * 3^2."
            )
        ],
        configurationMembers: [],
        make: { settings, _ in CalculatorTool(settings: settings) }
    )

    package let settings: ToolSettings

    package func call(_ arguments: JSONValue, in context: ToolContext) async throws(ToolError) -> ToolOutput {
        guard let expression = arguments["expression"]?.stringValue else {
            throw ToolError(.invalidArguments, "The calculator needs an \"expression\".")
        }
        do {
            let text = try CalculatorParser.value(of: expression).text
            return ToolOutput(text, value: .string(text))
        } catch {
            throw ToolError(.invalidArguments, "Cannot compute that: \(error.text).")
        }
    }
}
