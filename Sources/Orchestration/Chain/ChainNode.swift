package import JSON
internal import JSONSchema

/// A node of a chain: what it runs, and with what.
package struct ChainNode: Sendable {
    /// What running a node does.
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        case agent, chain, tool, function, approval, map, plan, vote, collect, set
    }

    /// What a failure among the parts of a node does.
    package enum FailureRule: String, Sendable, Hashable {
        /// It is one of the results.
        case collect
        /// The node fails after the others have ended.
        case fail
        /// The node fails at once, and the others are cancelled.
        case cancel
    }

    /// Its name, unique within the chain.
    package let name: String

    /// What running it does.
    package let kind: Kind

    /// Its place in an order in which a node comes after all that lead to it, from 1.
    ///
    /// What nodes wrote is folded in this order.
    package let position: Int

    /// The rest of the row: target, limits and what else the performer of a kind reads.
    package let definition: JSONValue

    /// Most attempts, at least 1.
    package let attempts: Int

    /// Whether it runs at the first way in that is taken, and not when all are decided.
    let joinsAny: Bool

    /// Of a collect or vote: the nodes that count.
    let members: [String]

    /// Of a map or collect: what a failure does.
    package let failureRule: FailureRule

    /// What it is sent: of an agent or chain the input, of a tool the arguments, of an approval the message.
    let work: ChainTemplate?

    /// Of a map: the list.
    let list: ChainTemplate?

    /// What it writes, by key.
    let writes: [(key: String, template: ChainTemplate)]

    /// JSON Pointer to the part of the output that counts.
    let selection: String?

    /// What its output must fit.
    let outputSchema: JSONSchema?

    /// What it does that templates cannot say: `question`, `plan`, `judge`, `synthesis`.
    let role: String?

    /// A node.
    ///
    /// - Parameters:
    ///   - name: Its name.
    ///   - kind: What running it does.
    ///   - position: Its place in the order of the nodes, from 1.
    ///   - definition: The rest: `input`, `arguments`, `write`, `output_schema` and so on.
    /// - Throws: ``ChainError`` for a template or schema that cannot be read.
    package init(name: String, kind: Kind, position: Int, definition: JSONValue = [:]) throws(ChainError) {
        self.name = name
        self.kind = kind
        self.position = position
        self.definition = definition
        attempts = max(1, Int(definition["attempts"]?.integerValue ?? 1))
        joinsAny = definition["join"]?.stringValue == "any"
        members = (definition["of"]?.arrayValue ?? []).compactMap(\.stringValue)
        failureRule = definition["on_failure"]?.stringValue.flatMap(FailureRule.init(rawValue:)) ?? .collect
        selection = definition["select"]?.stringValue
        role = definition["role"]?.stringValue
        func template(_ member: String) throws(ChainError) -> ChainTemplate? {
            guard let value = definition[member] else { return nil }
            return try ChainTemplate(chain: value, place: "\(name).\(member)")
        }
        work =
            switch kind {
            case .agent, .chain: try template("input")
            case .tool, .function: try template("arguments")
            case .map: try template(definition["arguments"] == nil ? "input" : "arguments")
            case .approval: try template("message")
            case .plan: try template("plan")
            case .set: try template("value")
            case .vote, .collect: nil
            }
        list = try template("over")
        var writes: [(key: String, template: ChainTemplate)] = []
        for member in definition["write"]?.objectValue ?? [:] {
            writes.append((member.key, try ChainTemplate(chain: member.value, place: "\(name).write.\(member.key)")))
        }
        self.writes = writes
        do throws(JSONSchemaError) {
            outputSchema = try definition["output_schema"].map { (schema) throws(JSONSchemaError) in
                try JSONSchema(schema)
            }
        } catch {
            throw ChainError("\(name).output_schema", "is no JSON Schema")
        }
    }

    /// Whether the machine itself does its work.
    var isPure: Bool { kind == .set || kind == .collect }
}
