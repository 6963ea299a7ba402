import Conversation

extension ImplementedTool {
    /// The workspace, with the call that uses it.
    ///
    /// - Parameters:
    ///   - context: Where and for whom the tool is called.
    ///   - purpose: What there is nothing of without a workspace, such as `files to read`.
    /// - Throws: ``ToolError/Code/denied`` if there is none.
    package func workspace(
        in context: ToolContext,
        for purpose: String
    ) throws(ToolError) -> (workspace: Workspace, caller: WorkspaceCaller) {
        guard let workspace = context.workspace else {
            throw .noWorkspace(for: purpose)
        }
        return (workspace, caller(in: context))
    }

    /// The call that uses the workspace.
    package func caller(in context: ToolContext) -> WorkspaceCaller {
        WorkspaceCaller(
            tool: specification.name,
            callID: context.callID,
            recorder: context.recorder,
            rules: context.pathRules
        )
    }
}
