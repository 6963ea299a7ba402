import Conversation
package import Definitions
package import Functions
internal import JSON
import JSONSchema
package import Models
import Orchestration
package import Safety
internal import Synchronization
package import Tools

/// Builds agents from rows.
///
/// Everything that can be done once per version is done here and not in a turn: schemas are compiled, rules parsed,
/// tools made, the tool specifications written. Providers are kept by the model's version, so that agents share them.
package final class DynamicAgentFactory: Sendable {
    private let providers: ModelProviderFactory
    private let tools: ToolFactory
    private let functions: FunctionCache
    /// Which servers of models are not asked for now.
    let endpoints: EndpointBook
    /// Decides for all agents, whatever their policies say; nil in production.
    private let policyOverride: (any CallPolicy)?
    private let entries = Mutex<[Int64: ProviderEntry]>([:])

    /// What is kept of a model's version.
    private struct ProviderEntry: Sendable {
        let model: Model
        let provider: any ModelProvider
        let tokens: TokenEstimator

        init(model: Model, provider: any ModelProvider, tokens: TokenEstimator = TokenEstimator()) {
            (self.model, self.provider, self.tokens) = (model, provider, tokens)
        }

        /// The same, asked for calls of tools in writing.
        var inWriting: ProviderEntry {
            ProviderEntry(model: model, provider: ReactProvider.around(provider), tokens: tokens)
        }
    }

    /// Versions of models whose providers are kept at most; beyond it the cache starts empty.
    private static let maximumProviders = 1_000

    /// A factory.
    ///
    /// - Parameters:
    ///   - providers: Makes what speaks to models.
    ///   - tools: Makes tools.
    ///   - functions: Keeps functions compiled.
    ///   - endpoints: Knows which servers of models are not asked for now.
    package convenience init(
        providers: ModelProviderFactory,
        tools: ToolFactory,
        functions: FunctionCache = FunctionCache(),
        endpoints: EndpointBook = EndpointBook(store: nil)
    ) {
        self.init(providers: providers, tools: tools, functions: functions, endpoints: endpoints, policy: nil)
    }

    /// A factory of agents that all have one policy, or each its own.
    package init(
        providers: ModelProviderFactory,
        tools: ToolFactory,
        functions: FunctionCache = FunctionCache(),
        endpoints: EndpointBook = EndpointBook(store: nil),
        policy: (any CallPolicy)?
    ) {
        self.providers = providers
        self.tools = tools
        self.functions = functions
        self.endpoints = endpoints
        policyOverride = policy
    }

    /// Builds an agent.
    ///
    /// - Parameter parts: The versions of the agent, its model and its tools.
    /// - Returns: The agent.
    /// - Throws: ``AgentError/Code/invalid`` with what is wrong and where; ``AgentError/Code/missingImplementation``.
    package func agent(from parts: AgentParts) throws(AgentError) -> Agent {
        if let graph = parts.graph { return try chain(from: parts, graph: graph.document) }
        let document = parts.agent.document
        guard let definition = parts.models.first else {
            throw AgentError(.invalid, "agent \"\(parts.agent.name)\" has no model")
        }
        let model: Model
        var entry: ProviderEntry
        do throws(ModelError) {
            model = try Self.model(of: definition, in: parts)
            entry = try providerEntry(for: model)
        } catch {
            let code = error.code == .missingImplementation ? AgentError.Code.missingImplementation : .invalid
            throw AgentError(code, "agent \"\(parts.agent.name)\": \(error.message)")
        }
        let isReact = document["strategy"]?.stringValue == "react"
        if isReact { entry = entry.inWriting }
        func names(_ field: String) -> [String] { document[field]?.arrayValue?.compactMap(\.stringValue) ?? [] }
        // The order of the agent's document, not of the rows: the model sees it.
        let tools = try router(
            for: parts,
            tools: names("tools"),
            functions: names("functions"),
            besides: Delegates(of: parts).map { [DelegateTool(delegates: $0)] } ?? []
        )
        let fallbacks = fallbacks(of: model, in: parts, isReact: isReact)
        try Self.refuseFinish(among: tools, of: [entry.provider] + fallbacks.map(\.provider), in: parts)
        let prompt = document["system_prompt"]?.stringValue ?? ""
        // Marks would be part of what rules answer with.
        let marksOutputs = entry.provider.isLanguageModel
        let settings = AgentSettings(document: document)
        let instructions = [
            prompt, marksOutputs && !tools.specifications.isEmpty ? ToolOutputMarks.explanation : "",
            marksOutputs && settings.memory?.recall == true ? MemorySettings.explanation : "",
            marksOutputs && !settings.blocks.isEmpty ? BlockMarks.explanation : "",
        ]
        return Agent(
            name: parts.agent.name,
            version: parts.agent.version,
            versionID: parts.agent.versionID,
            epoch: parts.epoch,
            settings: settings,
            systemPrompt: prompt,
            instructions: instructions.filter { !$0.isEmpty }.joined(separator: "\n\n"),
            marksOutputs: marksOutputs,
            model: model,
            provider: entry.provider,
            tokens: entry.tokens,
            fallbacks: fallbacks,
            endpoints: endpoints,
            tools: tools,
            toolImplementations: Self.implementations(of: parts),
            insideTools: Self.insideTools(of: parts),
            policy: try policy(of: parts),
            guardrails: try guardrails(of: parts),
            toolVersions: Self.versions(of: parts),
            inputSchema: try schema("input_schema", of: parts.agent),
            outputSchema: try schema("output_schema", of: parts.agent),
            outputSchemaDocument: document["output_schema"].map(SchemaOrder.applied)
        )
    }

    /// The models that another one falls back to.
    ///
    /// One that cannot be asked here, for want of its key or its provider, is left out: `doctor` says why.
    private func fallbacks(of model: Model, in parts: AgentParts, isReact: Bool) -> [AgentModel] {
        model.fallbacks.compactMap { fallback in
            guard let row = parts.models.first(where: { $0.name == fallback.model }) else { return nil }
            guard let model = try? Self.model(of: row, in: parts), let entry = try? providerEntry(for: model)
            else { return nil }
            let provider = isReact ? entry.inWriting.provider : entry.provider
            return AgentModel(model: model, provider: provider, tokens: entry.tokens, reasons: fallback.reasons)
        }
    }

    /// Builds a chain: an agent that runs nodes, or stands for others, and asks no model.
    private func chain(from parts: AgentParts, graph: JSONValue) throws(AgentError) -> Agent {
        let handoff = HandoffChain(of: parts)
        var runnable: RunnableChain?
        if handoff == nil {
            do throws(ChainError) { runnable = try RunnableChain(document: parts.agent.document, graph: graph) } catch {
                throw AgentError(.invalid, "chain \"\(parts.agent.name)\": \(error.place): \(error.message)")
            }
        }
        let (tools, functions) = runnable?.callees ?? ([], [])
        return Agent(
            name: parts.agent.name,
            version: parts.agent.version,
            versionID: parts.agent.versionID,
            epoch: parts.epoch,
            settings: AgentSettings(document: parts.agent.document),
            systemPrompt: "",
            instructions: "",
            marksOutputs: false,
            model: Model(name: "none", versionID: 0, provider: "none"),
            provider: NoModelProvider(),
            tokens: TokenEstimator(),
            tools: try router(for: parts, tools: tools, functions: functions, besides: [ApprovalTool()]),
            toolImplementations: Self.implementations(of: parts),
            policy: ChainPolicy(others: try policy(of: parts)),
            guardrails: nil,
            toolVersions: Self.versions(of: parts),
            inputSchema: try schema("input_schema", of: parts.agent),
            outputSchema: try schema("output_schema", of: parts.agent),
            outputSchemaDocument: nil,
            chain: runnable,
            handoff: handoff
        )
    }

    /// The implementations of tools, by the tools' names; that of the tool by which agents delegate has its name.
    private static func implementations(of parts: AgentParts) -> [String: String] {
        let named = parts.tools.compactMap { part in
            part.document["implementation"]?.stringValue.map { (part.name, $0) }
        }
        return Dictionary(named + [(DelegateTool.name, DelegateTool.name)]) { first, _ in first }
    }

    /// The agent's policies, compiled, unless the factory has one for all; without any, every call is asked about.
    private func policy(of parts: AgentParts) throws(AgentError) -> any CallPolicy {
        if let policyOverride { return policyOverride }
        do throws(SafetyPolicyError) {
            return try SafetyPolicy(documents: parts.policies.map { ($0.name, $0.document) })
        } catch {
            throw AgentError(.invalid, "agent \"\(parts.agent.name)\": \(error)")
        }
    }

    private func guardrails(of parts: AgentParts) throws(AgentError) -> GuardrailSet? {
        do throws(GuardrailError) {
            return try GuardrailSet(parts.guardrails)
        } catch {
            throw AgentError(.invalid, "agent \"\(parts.agent.name)\": \(error)")
        }
    }

    private func providerEntry(for model: Model) throws(ModelError) -> ProviderEntry {
        // A database that has lost its last commits gives the ids of their versions out again.
        if let known = entries.withLock({ $0[model.versionID] }), known.model == model { return known }
        let entry = ProviderEntry(model: model, provider: try providers.provider(for: model))
        entries.withLock { cache in
            if cache.count >= Self.maximumProviders { cache.removeAll() }
            cache[model.versionID] = entry
        }
        return entry
    }

    private func router(
        for parts: AgentParts,
        tools names: [String],
        functions functionNames: [String],
        besides others: [any Tool]
    ) throws(AgentError) -> ToolRouter {
        do throws(ToolError) {
            var made: [any Tool] = []
            var functions: [String: any Tool] = [:]
            for row in parts.functions { functions[row.name] = try self.functions.tool(for: row) }
            var definitions: [String: ToolDefinition] = [:]
            for row in parts.tools {
                let definition = try ToolDefinition(name: row.name, versionID: row.versionID, document: row.document)
                definitions[row.name] = definition
            }
            for name in names {
                guard let definition = definitions[name] else { continue }
                made.append(try tools.tool(for: definition, among: definitions, functions: functions))
            }
            for name in functionNames {
                if let function = functions[name] { made.append(function) }
            }
            return try ToolRouter(made + others)
        } catch {
            let code = error.code == .missingImplementation ? AgentError.Code.missingImplementation : .invalid
            throw AgentError(code, "agent \"\(parts.agent.name)\": \(error.message)")
        }
    }

    private func schema(_ field: String, of agent: Definition) throws(AgentError) -> JSONSchema? {
        guard let document = agent.document[field] else { return nil }
        do throws(JSONSchemaError) {
            return try JSONSchema(document)
        } catch {
            throw AgentError(.invalid, "agent \"\(agent.name)\": \(field) is not a JSON Schema: \(error)")
        }
    }
}
