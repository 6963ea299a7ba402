import Conversation
import Definitions
internal import JSON

/// A step of a pipeline.
struct PipelineStep: Sendable {
    /// Its name; without one, its number from 1.
    package let name: String

    /// The tool or function that it calls.
    package let tool: String

    /// Whether that is a function.
    let isFunction: Bool

    /// The tool's arguments.
    package let arguments: PipelineTemplate

    /// A JSON Pointer to the part of the result that counts.
    package let selection: String?

    private let condition: (reference: PipelineReference, isNegated: Bool)?

    /// Reads the steps of a pipeline; mistakes are left among the problems.
    package static func steps(_ document: JSONValue, _ problems: DocumentReader.Problems) -> [PipelineStep] {
        let most = Int(DocumentFields.all.field("tool", "steps")?.maximum ?? 1)
        guard let items = document.arrayValue, (1...most).contains(items.count) else {
            let message = "a pipeline has 1 to \(most) steps"
            problems.list.append(DocumentProblem(path: "steps", message: message))
            return []
        }
        var names: [String] = []
        let tools = Set(items.compactMap { $0["tool"]?.stringValue })
        return items.enumerated().compactMap { index, item in
            guard let reader = DocumentReader(item, path: "steps[\(index)]", problems: problems, kind: "tool") else {
                return nil
            }
            let step = PipelineStep(reader, number: index + 1, before: names)
            let name = reader.value("name")?.stringValue ?? "\(index + 1)"
            if names.contains(name) { reader.refuse("name", "another step has this name") }
            names.append(name)
            if let step, step.isFunction, reader.value("tool") == nil, tools.contains(step.tool) {
                reader.refuse("function", "a tool of this name is called, too")
            }
            return step
        }
    }

    private init?(_ reader: DocumentReader, number: Int, before names: [String]) {
        reader.refuseUnknownMembers()
        isFunction = reader.value("function") != nil
        guard let tool = reader.requiredString(isFunction ? "function" : "tool") else { return nil }
        self.tool = tool
        if isFunction, reader.value("tool") != nil { reader.refuse("function", "the step has a tool as well") }
        name = reader.string("name") ?? "\(number)"
        selection = reader.string("select")
        if let selection, !selection.isEmpty, !selection.hasPrefix("/") {
            reader.refuse("select", "expected a JSON Pointer such as /items/0")
        }
        do throws(TemplateError) {
            condition = try reader.string("when").map { (text) throws(TemplateError) in
                try Self.condition(text, names)
            }
        } catch {
            reader.refuse("when", error.message)
            return nil
        }
        do throws(ToolError) {
            arguments = try PipelineTemplate(reader.value("arguments") ?? [:], steps: names)
        } catch {
            reader.refuse("arguments", error.message)
            return nil
        }
    }

    /// Reads `{{…}}` or `not {{…}}`.
    private static func condition(
        _ text: String,
        _ names: [String]
    ) throws(TemplateError) -> (reference: PipelineReference, isNegated: Bool) {
        let isNegated = text.hasPrefix("not ")
        let rest = (isNegated ? text.dropFirst(4) : text[...]).drop { $0 == " " }
        guard rest.hasPrefix("{{"), rest.hasSuffix("}}"), rest.utf8.count > 4 else {
            throw TemplateError("expected {{…}} or not {{…}}")
        }
        return (try PipelineReference(rest.dropFirst(2).dropLast(2), steps: names), isNegated)
    }

    /// Whether the step is to be run: null, false, 0 and what is empty count as not true.
    package func isWanted(in state: PipelineState) -> Bool {
        guard let condition else { return true }
        let isTrue =
            switch condition.reference.value(in: state) {
            case nil, .null?, .bool(false)?: false
            case .integer(let number)?: number != 0
            case .number(let number)?: number != 0
            case .string(let text)?: !text.isEmpty
            case .array(let items)?: !items.isEmpty
            case .object(let object)?: !object.isEmpty
            case .bool(true)?: true
            }
        return isTrue != condition.isNegated
    }

    /// The part of an output that counts.
    ///
    /// - Throws: ``ToolError/Code/failed`` if there is nothing where `select` points to.
    package func result(of output: ToolOutput) throws(ToolError) -> JSONValue {
        guard let selection else { return output.value ?? .string(output.text) }
        var value = output.value ?? .string(output.text)
        // What only says JSON can be looked into as well.
        if let text = value.stringValue, !selection.isEmpty {
            do { value = try JSONValue(parsing: text) } catch {
                throw ToolError(.failed, "The result is not JSON, so there is nothing at \(selection) in it.")
            }
        }
        guard let selected = value.value(at: selection) else {
            throw ToolError(.failed, "The result has nothing at \(selection).")
        }
        return selected
    }
}
