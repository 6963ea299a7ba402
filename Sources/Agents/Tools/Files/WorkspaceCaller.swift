/// The call that a path comes from: a path that leads out of the workspace is recorded with it.
struct WorkspaceCaller: Sendable {
    /// The tool's name.
    let tool: String

    /// Where and for whom it is called.
    let context: ToolContext

    /// Keeps that a path was refused because it leads out, or may.
    func recordRefusal(of path: String) {
        context.recorder.add(
            SecurityEventRecord(.deniedPath, tool: tool, detail: Workspace.shown(path), callID: context.callID)
        )
    }
}

extension ImplementedTool {
    /// The workspace, with the call that uses it.
    ///
    /// - Parameters:
    ///   - context: Where and for whom the tool is called.
    ///   - purpose: What there is nothing of without a workspace, such as `files to read`.
    /// - Throws: ``ToolError/Code/denied`` if there is none.
    func workspace(
        in context: ToolContext,
        for purpose: String
    ) throws(ToolError) -> (workspace: Workspace, caller: WorkspaceCaller) {
        guard let workspace = context.workspace else {
            throw .noWorkspace(for: purpose)
        }
        return (workspace, WorkspaceCaller(tool: specification.name, context: context))
    }
}
