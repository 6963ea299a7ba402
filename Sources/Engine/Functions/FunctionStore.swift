import Conversation
package import Definitions
package import Functions
package import JSON
internal import Reactor
import Sandbox
package import Store
package import Tools

/// Stored functions: their versions, their calls, their tests.
package struct FunctionStore: Sendable {
    private let definitions: DefinitionStore
    private let work: WorkStore
    private let queries: ToolQueries
    private let services: ToolServices
    private let cache: FunctionCache

    /// A store of functions.
    ///
    /// - Parameters:
    ///   - definitions: Where their versions are.
    ///   - work: Where their calls are recorded.
    ///   - queries: Checks statements, and runs them.
    ///   - services: What the process can do for functions.
    ///   - cache: Keeps functions compiled.
    package init(
        definitions: DefinitionStore,
        work: WorkStore,
        queries: ToolQueries,
        services: ToolServices,
        cache: FunctionCache = FunctionCache()
    ) {
        self.definitions = definitions
        self.work = work
        self.queries = queries
        var services = services
        services.queries = queries
        self.services = services
        self.cache = cache
    }

    // MARK: Storing

    /// Everything that is wrong with a function's document and that the database's own checks cannot see: its source,
    /// its parameters, its schemas, its examples.
    ///
    /// - Parameter document: The document; its fields have the right types.
    /// - Returns: The problems, with their places in the source, and what could not be looked at.
    package func review(_ document: JSONValue) async -> FunctionReview {
        var review = FunctionReview()
        let function = FunctionDefinition(document: document)
        reviewSchemas(function, into: &review)
        switch function.language {
        case .python: await review.review(function, by: services.sandbox)
        case .sql: await self.review(statementOf: function, into: &review)
        }
        return review
    }

    /// Stores a function; the same content is a no-op, a change is a new version.
    ///
    /// - Parameter document: The document, of kind `function`.
    /// - Returns: What became of it.
    /// - Throws: ``StoreError/Code/invalid`` with every problem; nothing is stored then.
    package func store(_ document: JSONValue) async throws(StoreError) -> Registration {
        let mistakes = try await definitions.problems(in: [document])
        let review = mistakes.isEmpty ? await review(document) : FunctionReview()
        guard mistakes.isEmpty, review.problems.isEmpty else {
            let list = mistakes.map { "\($0.path) \($0.problem)" } + review.problems.map(\.description)
            throw StoreError(.invalid, "the function cannot be stored: \(list.joined(separator: "; "))")
        }
        guard let registration = try await definitions.register([document]).first else {
            throw StoreError(.database, "nothing was registered")
        }
        return registration
    }

    private func reviewSchemas(_ function: FunctionDefinition, into review: inout FunctionReview) {
        do throws(ToolError) {
            _ = try ArgumentBinding.split(function.inputSchema)
        } catch {
            review.problems.append(FunctionProblem("input_schema", error.message))
        }
        let compiled: CompiledFunction
        do throws(ToolError) {
            compiled = try CompiledFunction(function)
        } catch {
            // Schemas that do not compile are told one by one by whoever reads the document; a source comes below.
            return
        }
        for (index, example) in function.examples.enumerated() {
            if let complaint = compiled.complaint(about: example.arguments) {
                if case .error = example.expectation { continue }
                review.problems.append(FunctionProblem("examples[\(index)].arguments", complaint))
            }
            if case .result(let result) = example.expectation, let complaint = compiled.complaint(aboutResult: result) {
                review.problems.append(FunctionProblem("examples[\(index)].result", complaint))
            }
        }
    }

    private func review(statementOf function: FunctionDefinition, into review: inout FunctionReview) async {
        let translation = SQLTranslation(
            function.source,
            inputSchema: function.inputSchema,
            problems: &review.problems
        )
        guard review.problems.isEmpty else { return }
        do throws(StatementError) {
            try await queries.examine(translation.statement)
        } catch {
            switch error.kind {
            case .invalid:
                let place = error.position.map(translation.place(ofPosition:)) ?? .init(line: 1, column: 1)
                review.problems.append(FunctionProblem("source", at: place, error.description))
            case .denied where error.sqlState == "42P11":
                review.problems.append(FunctionProblem("source", at: .init(line: 1, column: 1), error.description))
            case .denied:
                review.warnings.append(
                    "it cannot be called yet: \(error.description); grant agentctl_query what it needs"
                )
            default:
                review.warnings.append("its source was not checked: \(error.description)")
            }
        }
    }

    // MARK: Calling

    /// Calls a function, and stores the call.
    ///
    /// - Parameters:
    ///   - name: The function's name.
    ///   - version: The version; nil for the one in force.
    ///   - arguments: The arguments, an object.
    /// - Returns: What came of it, and what was called.
    /// - Throws: ``StoreError/Code/notFound`` when there is no such function, ``StoreError/Code/invalid`` when its row
    ///   cannot be used, ``StoreError`` when the call cannot be stored.
    package func execute(
        _ name: String,
        version: Int? = nil,
        arguments: JSONValue
    ) async throws(StoreError) -> (function: FunctionDefinition, outcome: FunctionOutcome) {
        let function = try await compiled(name, version: version)
        let outcome = await FunctionRunner(function: function).run(arguments, in: ToolContext(services: services))
        let record = outcome.record(of: function.definition, arguments: arguments, callID: nil)
        let (work, events) = (work, outcome.events)
        // A call that was stopped is one as well.
        let stored: Result<Void, StoreError> = await uncancelled {
            do throws(StoreError) {
                return .success(try await work.record([record], events))
            } catch {
                return .failure(error)
            }
        }
        try stored.get()
        return (function.definition, outcome)
    }

    /// Runs a function's examples one after the other, and stores the calls.
    ///
    /// - Throws: ``StoreError`` as ``execute(_:version:arguments:)`` does.
    package func test(_ name: String, version: Int? = nil) async throws(StoreError) -> [FunctionTestResult] {
        let function = try await compiled(name, version: version)
        var results: [FunctionTestResult] = []
        for (index, example) in function.definition.examples.enumerated() {
            let (_, outcome) = try await execute(
                name,
                version: function.definition.version,
                arguments: example.arguments
            )
            results.append(FunctionTestResult(function.definition, number: index + 1, example, outcome))
        }
        return results
    }

    /// Runs the examples of a function that is not stored, and stores nothing.
    ///
    /// - Parameter document: The function's document, of which nothing is wrong.
    /// - Returns: The result of each example; nil when none is run because the function writes to the database.
    package func rehearse(_ document: JSONValue) async -> [FunctionTestResult]? {
        let definition = FunctionDefinition(document: document)
        guard definition.language == .python || definition.isReadOnly else { return nil }
        let compiled = Result { () throws(ToolError) in try CompiledFunction(definition) }
        var results: [FunctionTestResult] = []
        for (index, example) in definition.examples.enumerated() {
            let outcome: FunctionOutcome
            switch compiled {
            case .success(let function):
                let context = ToolContext(services: services)
                outcome = await FunctionRunner(function: function).run(example.arguments, in: context)
            case .failure(let error): outcome = FunctionOutcome(.error, "invalid_function", error.message)
            }
            results.append(FunctionTestResult(definition, number: index + 1, example, outcome))
        }
        return results
    }

    private func compiled(_ name: String, version: Int?) async throws(StoreError) -> CompiledFunction {
        guard let definition = try await definitions.function(named: name, version: version) else {
            let what = version.map { "function \"\(name)\" has no version \($0)" } ?? "there is no function \"\(name)\""
            let nearest = nearestName(to: name, among: try await definitions.functionNames())
            throw StoreError(.notFound, what, hint: nearest.flatMap { $0 == name ? nil : "Did you mean \($0)?" })
        }
        do throws(ToolError) {
            return try cache.function(FunctionDefinition(definition))
        } catch {
            throw StoreError(.invalid, error.message)
        }
    }
}
