internal import Definitions
internal import JSON

/// What a place in a plan, or in a template of plans, stands for.
enum PlanReference: TemplateReference {
    /// `{{path}}`: of a clause, of the context, or a default.
    case value(String)
    /// `{{steps.found.path}}`: the result of a step of the same list, or what a group of its `find` found.
    case named(String, group: String?)
    /// `{{step_3.path}}`: the same, in a plan.
    case result(Int, group: String?)
    /// `{{arguments.path}}`: an argument of the call that failed.
    case argument(String)
    /// `{{error}}`: what went wrong.
    case error
    /// `{{braces}}`: two opening braces. Values are put in with it, so that they never refer to anything.
    case braces

    /// Most bytes that references may put into one value.
    static let maximumBytes = 4 << 20

    init(_ text: Substring) throws(TemplateError) {
        let parts = text.filter { !$0.isWhitespace }.split(separator: ".", omittingEmptySubsequences: false)
            .map(String.init)
        guard !parts.contains("") else { throw TemplateError("{{\(text.prefix(64))}} is no reference") }
        switch (parts[0], parts.count) {
        case ("steps", 2...3): self = .named(parts[1], group: parts.count == 3 ? parts[2] : nil)
        case ("arguments", 2): self = .argument(parts[1])
        case ("error", 1): self = .error
        case ("braces", 1): self = .braces
        case (let name, 1...2) where Self.number(name) != nil:
            self = .result(Self.number(name) ?? 0, group: parts.count == 2 ? parts[1] : nil)
        case (let name, 1): self = .value(name)
        default: throw TemplateError("{{\(text.prefix(64))}} is no reference")
        }
    }

    private static func number(_ name: String) -> Int? {
        guard name.hasPrefix("step_"), let number = Int(name.dropFirst(5)), number > 0 else { return nil }
        return number
    }

    var description: String {
        switch self {
        case .value(let name): "{{\(name)}}"
        case .named(let name, let group): "{{steps.\(name)\(group.map { ".\($0)" } ?? "")}}"
        case .result(let number, let group): Self.text(of: number, group)
        case .argument(let name): "{{arguments.\(name)}}"
        case .error: "{{error}}"
        case .braces: "{{braces}}"
        }
    }

    var isOptional: Bool { false }

    /// How a plan refers to the result of a step.
    static func text(of number: Int, _ group: String?) -> String {
        "{{step_\(number)\(group.map { ".\($0)" } ?? "")}}"
    }

    /// A value with everything in its place.
    ///
    /// - Throws: ``TemplateError`` where a reference stands for nothing, or the whole would be too large.
    static func fill(
        _ value: JSONValue,
        _ lookUp: (PlanReference) -> JSONValue?
    ) throws(TemplateError) -> JSONValue? {
        let template = try Template<PlanReference>(value) { (text) throws(TemplateError) in try PlanReference(text) }
        return try template.value(maximumBytes: maximumBytes, lookUp)
    }

    /// The names of the values that a template has places for.
    static func values(in value: JSONValue) -> [String] {
        var names: [String] = []
        _ = try? fill(value) { reference in
            if case .value(let name) = reference { names.append(name) }
            return .null
        }
        return names
    }

    /// The numbers of the steps whose results a value refers to.
    static func steps(in value: JSONValue) -> [Int] {
        var numbers: [Int] = []
        _ = try? fill(value) { reference in
            if case .result(let number, _) = reference { numbers.append(number) }
            return .null
        }
        return numbers
    }
}

extension JSONValue {
    /// The value such that nothing in it is taken for a reference.
    var withoutReferences: JSONValue {
        switch self {
        case .string(let text):
            return .string(
                text.split(separator: "{{", omittingEmptySubsequences: false)
                    .joined(separator: "{{braces}}")
            )
        case .array(let items): return .array(items.map(\.withoutReferences))
        case .object(let object):
            var copy = JSONObject()
            for member in object { copy[member.key] = member.value.withoutReferences }
            return .object(copy)
        default: return self
        }
    }
}
