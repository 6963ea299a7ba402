/// What a worker found out about a module's text without executing it.
public struct PythonModule: Sendable, Hashable {
    /// Something that is wrong with it.
    public struct Problem: Sendable, Hashable {
        /// The line, from 1.
        public let line: Int
        /// The column, from 1.
        public let column: Int
        /// What is wrong.
        public let message: String

        /// A problem.
        public init(line: Int, column: Int, message: String) {
            self.line = line
            self.column = column
            self.message = message
        }
    }

    /// A parameter of the entry point.
    public struct Parameter: Sendable, Hashable {
        /// Its name.
        public let name: String
        /// Whether it has to be given.
        public let isRequired: Bool

        /// A parameter.
        public init(name: String, isRequired: Bool) {
            self.name = name
            self.isRequired = isRequired
        }
    }

    /// All that is wrong: syntax, a missing entry point, denied imports, forbidden constructs.
    public var problems: [Problem]
    /// The entry point's parameters that can be given by keyword, in order.
    public var parameters: [Parameter]
    /// Whether the entry point takes any keyword (`**kwargs`).
    public var takesAnyKeyword: Bool
    /// Whether the entry point is an `async def`.
    public var isAsync: Bool
    /// The compiled module, for ``PythonCall/bytecode``; nil if it does not compile.
    public var bytecode: [UInt8]?

    /// A module.
    public init(
        problems: [Problem],
        parameters: [Parameter] = [],
        takesAnyKeyword: Bool = false,
        isAsync: Bool = false,
        bytecode: [UInt8]? = nil
    ) {
        self.problems = problems
        self.parameters = parameters
        self.takesAnyKeyword = takesAnyKeyword
        self.isAsync = isAsync
        self.bytecode = bytecode
    }
}
