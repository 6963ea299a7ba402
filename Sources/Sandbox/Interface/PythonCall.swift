public import JSON

/// One call into Python code.
public struct PythonCall: Sendable {
    /// What is done with the code.
    public enum Action: Sendable, Hashable {
        /// The module is executed, then its function of this name is called with the arguments; a coroutine is awaited.
        case function(name: String)
        /// The module is executed; the value of a last line that is an expression is the result.
        case script
    }

    /// What is done with the code.
    public var action: Action
    /// The module's text.
    public var source: String
    /// The same, compiled by ``Sandbox/check(_:entryPoint:)`` on this machine; nil compiles it again.
    public var bytecode: [UInt8]?
    /// Keyword arguments, an object.
    public var arguments: JSONValue
    /// Passed as the keyword `context`; nil for a function that takes none.
    public var context: JSONValue?
    /// Modules that the code may import.
    public var allowedImports: [String]
    /// Whether names such as open, eval and exec are taken from the code: a courtesy, not the boundary.
    public var isSafeMode: Bool
    /// What it may do with the workspace.
    public var workspace: WorkspaceGrant
    /// Parts of the workspace that it may do less with.
    public var exceptions: [WorkspaceException] = []
    /// What it may use up.
    public var limits: SandboxLimits

    /// A call.
    ///
    /// - Parameters:
    ///   - action: What is done with the code.
    ///   - source: The module's text.
    ///   - bytecode: The same, compiled.
    ///   - arguments: Keyword arguments, an object.
    ///   - context: Passed as the keyword `context`.
    ///   - allowedImports: Modules that the code may import.
    ///   - isSafeMode: Whether names such as open, eval and exec are taken from the code.
    ///   - workspace: What it may do with the workspace.
    ///   - limits: What it may use up.
    public init(
        _ action: Action,
        source: String,
        bytecode: [UInt8]? = nil,
        arguments: JSONValue = [:],
        context: JSONValue? = nil,
        allowedImports: [String] = [],
        isSafeMode: Bool = true,
        workspace: WorkspaceGrant = .none,
        limits: SandboxLimits = SandboxLimits()
    ) {
        self.action = action
        self.source = source
        self.bytecode = bytecode
        self.arguments = arguments
        self.context = context
        self.allowedImports = allowedImports
        self.isSafeMode = isSafeMode
        self.workspace = workspace
        self.limits = limits
    }
}
