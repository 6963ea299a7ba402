public import JSON
public import Sandbox

/// A stored function as its row describes it.
public struct FunctionDefinition: Sendable, Hashable {
    /// The language of a source.
    public enum Language: String, Sendable, Hashable, CaseIterable {
        /// A Python module with a function of the row's name.
        case python
        /// One statement with its arguments as `:name`.
        case sql
    }

    /// The name.
    public let name: String
    /// The version, from 1; 0 for a document that is not stored.
    public let version: Int
    /// The version's id.
    public let versionID: Int64
    /// What it does, as models read it.
    public let description: String
    /// The language of the source.
    public let language: Language
    /// The source.
    public let source: String
    /// What the arguments must fit, the schema of an object.
    public let inputSchema: JSONValue
    /// What the result must fit; nil for anything.
    public let outputSchema: JSONValue?
    /// Whether it is an `async def`.
    public let isAsync: Bool
    /// Whether it is given the conversation.
    public let requiresContext: Bool
    /// How long one call may take.
    public let timeout: Duration
    /// Megabytes that one call may use beyond the interpreter's own.
    public let memoryMegabytes: Int
    /// Whether names such as open, eval and exec are refused.
    public let isSafeMode: Bool
    /// Modules that it may import.
    public let allowedImports: [String]
    /// What running it twice would do.
    public let effect: ToolEffect
    /// What it may do with the workspace.
    public let workspace: WorkspaceGrant
    /// Names of the environment variables whose values it is given.
    public let secrets: [String]
    /// Whether a statement may only read.
    public let isReadOnly: Bool
    /// Bytes of a result that the model is shown.
    public let outputBytes: Int
    /// Its tests.
    public let examples: [FunctionExample]

    /// Reads a function from its document; members that are missing have their defaults.
    ///
    /// - Parameters:
    ///   - document: The document: `register` has checked types and ranges.
    ///   - version: The version.
    ///   - versionID: The version's id.
    public init(document: JSONValue, version: Int = 0, versionID: Int64 = 0) {
        func texts(_ field: String) -> [String]? { document[field]?.arrayValue?.compactMap(\.stringValue) }
        let defaults = FieldDefaults(of: "function")
        func text(_ field: String) -> String { document[field]?.stringValue ?? defaults.text(field) }
        func flag(_ field: String) -> Bool { document[field]?.boolValue ?? defaults.flag(field) }
        func integer(_ field: String) -> Int { document[field]?.integerValue.map(Int.init) ?? defaults.integer(field) }
        name = document["name"]?.stringValue ?? ""
        self.version = version
        self.versionID = versionID
        description = text("description")
        language = Language(rawValue: text("language")) ?? .python
        source = document["source"]?.stringValue ?? ""
        inputSchema = document["input_schema"] ?? ToolParameter.schema([])
        outputSchema = document["output_schema"]
        isAsync = flag("is_async")
        requiresContext = flag("requires_context")
        timeout = document["timeout"]?.numberValue.map { .seconds($0) } ?? defaults.seconds("timeout")
        memoryMegabytes = integer("memory_limit")
        isSafeMode = flag("safe_mode")
        allowedImports = texts("allowed_imports") ?? Self.usualImports
        effect = ToolEffect(rawValue: text("effect")) ?? .unsafe
        workspace = WorkspaceGrant(rawValue: text("workspace")) ?? .none
        secrets = texts("secrets") ?? defaults.texts("secrets")
        isReadOnly = flag("read_only")
        outputBytes = integer("output_limit")
        examples = document["examples"]?.arrayValue?.map(FunctionExample.init(document:)) ?? []
    }

    /// Reads a stored version.
    public init(_ definition: Definition) {
        self.init(document: definition.document, version: definition.version, versionID: definition.versionID)
    }

    /// Modules that a function may import unless it says otherwise.
    public static let usualImports = FieldDefaults(of: "function").texts("allowed_imports")
}
