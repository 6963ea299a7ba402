import Definitions
package import JSON
internal import Wire

extension Model {
    /// Reads a model from its row's document.
    ///
    /// Members that no model has are left alone here, so that a row written by a newer version can still be read.
    ///
    /// - Parameters:
    ///   - name: The row's name.
    ///   - versionID: The id of this version of the row.
    ///   - document: The document as `register` stored it.
    ///   - endpoints: The documents of endpoints by their names, with that of the one that it names.
    /// - Throws: ``ModelError/Code/configuration`` with every mistake and its place in the document.
    package init(
        name: String,
        versionID: Int64,
        document: JSONValue,
        endpoints: [String: JSONValue] = [:]
    ) throws(ModelError) {
        let problems = DocumentReader.Problems()
        guard let reader = DocumentReader(document, path: "", problems: problems, kind: "model") else {
            throw ModelError(model: name, problems: problems.list)
        }
        let endpoint = try Self.endpoint(in: reader, among: endpoints)
        self.init(
            name: name,
            versionID: versionID,
            provider: reader.requiredString("provider") ?? "",
            baseURL: endpoint?.baseURL ?? reader.string("base_url"),
            modelID: reader.string("model") ?? "",
            apiKeyEnvironmentVariable: endpoint?.apiKeyEnvironmentVariable
                ?? reader.environmentVariable("api_key_env"),
            contextWindow: reader.integer("context_window"),
            prices: Self.prices(in: reader),
            rules: reader.value("rules")
        )
        sharedEndpoint = endpoint
        idleTimeout = reader.seconds("idle_timeout") ?? idleTimeout
        firstTokenTimeout = reader.seconds("first_token_timeout")
        totalTimeout = reader.seconds("timeout") ?? totalTimeout
        maximumResponseBytes = reader.integer("max_response_bytes") ?? maximumResponseBytes
        maximumToolCalls = reader.integer("max_tool_calls") ?? maximumToolCalls
        outputLimitMember = Self.outputLimitMember(in: reader) ?? outputLimitMember
        structuredOutput = Self.structuredOutput(in: reader) ?? structuredOutput
        toolCalling = Self.toolCalling(in: reader) ?? toolCalling
        changes = RequestChanges(
            options: Self.options(in: reader),
            omittedMembers: Set(reader.strings("omit") ?? [])
        )
        purpose = Self.purpose(in: reader) ?? purpose
        retry = reader.object("retry").map(ModelRetryLimits.init) ?? retry
        fallbacks = reader.objects("fallback", called: "models").compactMap(ModelFallback.init)
        guard problems.list.isEmpty else { throw ModelError(model: name, problems: problems.list) }
    }

    /// The endpoint that the model names.
    private static func endpoint(
        in reader: DocumentReader,
        among endpoints: [String: JSONValue]
    ) throws(ModelError) -> ModelEndpoint? {
        guard let name = reader.string("endpoint") else { return nil }
        guard let document = endpoints[name] else {
            reader.refuse("endpoint", "there is no endpoint \"\(name)\"")
            return nil
        }
        return try ModelEndpoint(name: name, document: document)
    }

    private static func structuredOutput(in reader: DocumentReader) -> StructuredOutput? {
        guard let name = reader.string("structured_output") else { return nil }
        guard let form = StructuredOutput(rawValue: name) else {
            let names = StructuredOutput.allCases.map(\.rawValue).joined(separator: " or ")
            reader.refuse("structured_output", "expected \(names)")
            return nil
        }
        return form
    }

    private static func toolCalling(in reader: DocumentReader) -> ToolCalling? {
        guard let name = reader.string("tool_calling") else { return nil }
        guard let way = ToolCalling(rawValue: name) else {
            reader.refuse("tool_calling", "expected \(ToolCalling.allCases.map(\.rawValue).joined(separator: " or "))")
            return nil
        }
        return way
    }

    private static func purpose(in reader: DocumentReader) -> ModelPurpose? {
        guard let name = reader.string("purpose") else { return nil }
        guard let purpose = ModelPurpose(rawValue: name) else {
            let names = ModelPurpose.allCases.map(\.rawValue).joined(separator: " or ")
            reader.refuse("purpose", "expected \(names)")
            return nil
        }
        return purpose
    }

    private static func options(in reader: DocumentReader) -> JSONObject {
        guard let value = reader.value("options") else { return [:] }
        guard let options = value.objectValue else {
            reader.refuse("options", "expected an object, found \(value.kind)")
            return [:]
        }
        for name in RequestChanges.ownMembers where options[name] != nil {
            reader.refuse("options.\(name)", "expected another member than those that each request has")
        }
        return options
    }

    private static func prices(in reader: DocumentReader) -> ModelPrices {
        guard let prices = reader.object("prices") else { return .free }
        prices.refuseUnknownMembers()
        return ModelPrices(
            input: prices.number("input") ?? 0,
            cachedInput: prices.number("cached_input"),
            cacheWrite: prices.number("cache_write"),
            output: prices.number("output") ?? 0
        )
    }

    private static func outputLimitMember(in reader: DocumentReader) -> ChatCompletionRequest.OutputLimitMember? {
        guard let name = reader.string("max_tokens_field") else { return nil }
        guard let member = ChatCompletionRequest.OutputLimitMember(rawValue: name) else {
            let names = ChatCompletionRequest.OutputLimitMember.allCases.map(\.rawValue).joined(separator: " or ")
            reader.refuse("max_tokens_field", "expected \(names)")
            return nil
        }
        return member
    }
}
