package import Conversation
package import Definitions
package import JSON
package import Sandbox
import Tools

/// A stored function as its row describes it.
package struct FunctionDefinition: Sendable, Hashable {
    /// The language of a source.
    package enum Language: String, Sendable, Hashable, CaseIterable {
        /// A Python module with a function of the row's name.
        case python
        /// One statement with its arguments as `:name`.
        case sql
    }

    /// The name.
    package let name: String
    /// The version, from 1; 0 for a document that is not stored.
    package let version: Int
    /// The version's id.
    package let versionID: Int64
    /// What it does, as models read it.
    package let description: String
    /// The language of the source.
    package let language: Language
    /// The source.
    package let source: String
    /// What the arguments must fit, the schema of an object.
    package let inputSchema: JSONValue
    /// What the result must fit; nil for anything.
    package let outputSchema: JSONValue?
    /// Whether it is an `async def`.
    package let isAsync: Bool
    /// Whether it is given the conversation.
    package let requiresContext: Bool
    /// How long one call may take.
    package let timeout: Duration
    /// Megabytes that one call may use beyond the interpreter's own.
    package let memoryMegabytes: Int
    /// Whether names such as open, eval and exec are refused.
    package let isSafeMode: Bool
    /// Modules that it may import.
    package let allowedImports: [String]
    /// What running it twice would do.
    package let effect: ToolEffect
    /// What it may do with the workspace.
    package let workspace: WorkspaceGrant
    /// Names of the environment variables whose values it is given.
    package let secrets: [String]
    /// Whether a statement may only read.
    package let isReadOnly: Bool
    /// Bytes of a result that the model is shown.
    package let outputBytes: Int
    /// Its tests.
    package let examples: [FunctionExample]

    /// Reads a function from its document; members that are missing have their defaults.
    ///
    /// - Parameters:
    ///   - document: The document: `register` has checked types and ranges.
    ///   - version: The version.
    ///   - versionID: The version's id.
    package init(document: JSONValue, version: Int = 0, versionID: Int64 = 0) {
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
        timeout = document["timeout"]?.secondsValue ?? defaults.seconds("timeout")
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
    package init(_ definition: Definition) {
        self.init(document: definition.document, version: definition.version, versionID: definition.versionID)
    }

    /// Modules that a function may import unless it says otherwise.
    package static let usualImports = FieldDefaults(of: "function").texts("allowed_imports")
}
