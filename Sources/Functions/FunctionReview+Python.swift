import Definitions
internal import JSON
package import Sandbox

extension FunctionReview {
    /// Looks at a Python source in the sandbox, without executing it.
    package mutating func review(_ function: FunctionDefinition, by sandbox: Sandbox?) async {
        guard let sandbox else {
            return warnings.append("its source was not checked: this process has no sandbox")
        }
        do throws(SandboxError) {
            let module = try await sandbox.check(
                function.source,
                entryPoint: function.name,
                allowedImports: function.allowedImports,
                isSafeMode: function.isSafeMode
            )
            problems += module.problems.map {
                FunctionProblem("source", at: .init(line: $0.line, column: $0.column), $0.message)
            }
            // Without an entry point there is nothing to compare; what else is wrong must not hide what it takes.
            if module.problems.isEmpty || (module.bytecode != nil && Self.hasEntryPoint(function)) {
                compare(module, with: function)
            }
        } catch {
            warnings.append("its source was not checked: \(error.message)")
        }
    }

    private mutating func compare(_ module: PythonModule, with function: FunctionDefinition) {
        let place = Self.entryPoint(of: function)
        if module.isAsync != function.isAsync {
            let kind = module.isAsync ? "an async def" : "a plain def"
            problems.append(FunctionProblem("is_async", "is \(function.isAsync), and \(function.name) is \(kind)"))
        }
        let properties = function.inputSchema["properties"]?.objectValue?.keys ?? []
        let required = function.inputSchema["required"]?.arrayValue?.compactMap(\.stringValue) ?? []
        let names = module.parameters.map(\.name)
        if function.requiresContext, !module.takesAnyKeyword, !names.contains("context") {
            problems.append(
                FunctionProblem("source", at: place, "requires_context is true, and there is no parameter context")
            )
        }
        for parameter in module.parameters where !(function.requiresContext && parameter.name == "context") {
            if !properties.contains(parameter.name) {
                // What is not described cannot be given; a default will do.
                guard parameter.isRequired else { continue }
                let hint =
                    parameter.name == "context"
                    ? "set requires_context: true"
                    : Self.hint(parameter.name, properties) ?? "add it, or give it a default"
                problems.append(
                    FunctionProblem(
                        "source",
                        at: place,
                        "the parameter \(parameter.name) is not a property of input_schema; \(hint)"
                    )
                )
            } else if parameter.isRequired, !required.contains(parameter.name) {
                problems.append(
                    FunctionProblem(
                        "source",
                        at: place,
                        "the parameter \(parameter.name) has no default, and input_schema does not require it"
                    )
                )
            }
        }
        guard !module.takesAnyKeyword else { return }
        for (index, name) in required.enumerated() where !properties.contains(name) && !names.contains(name) {
            let hint = Self.hint(name, properties).map { "; \($0)" } ?? ""
            problems.append(
                FunctionProblem(
                    "input_schema.required[\(index)]",
                    "\(name) is neither a property nor a parameter of \(function.name)\(hint)"
                )
            )
        }
        for property in properties where !names.contains(property) {
            let hint = Self.hint(property, names).map { "; \($0)" } ?? ""
            problems.append(
                FunctionProblem("input_schema.properties.\(property)", "is not a parameter of \(function.name)\(hint)")
            )
        }
    }

    private static func hint(_ name: String, _ known: [String]) -> String? {
        nearestName(to: name, among: known).map { "did you mean \($0)?" }
    }

    /// Where the function's def stands, for what is wrong with its parameters.
    private static func entryPoint(of function: FunctionDefinition) -> FunctionProblem.Place {
        FunctionProblem.Place(line: (lineOfEntryPoint(function) ?? 0) + 1, column: 1)
    }

    private static func hasEntryPoint(_ function: FunctionDefinition) -> Bool {
        lineOfEntryPoint(function) != nil
    }

    private static func lineOfEntryPoint(_ function: FunctionDefinition) -> Int? {
        let lines = function.source.split(separator: "\n", omittingEmptySubsequences: false)
        let beginnings = ["def \(function.name)", "async def \(function.name)"]
        return lines.lastIndex { line in
            beginnings.contains { line.hasPrefix($0) && "( \t".contains(line.dropFirst($0.count).first ?? "x") }
        }
    }
}
