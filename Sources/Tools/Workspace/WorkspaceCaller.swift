package import Conversation

/// The call that a path comes from: a path that leads out of the workspace is recorded with it.
package struct WorkspaceCaller: Sendable {
    /// The tool's name.
    package let tool: String

    /// The model's name for the call; empty outside of a turn.
    package let callID: String

    /// Where refusals are recorded.
    package let recorder: CallRecorder

    /// What policies say of the files that it comes across.
    package var rules = PathRules()

    /// Refuses a path that a rule denies, also where it was not known before the call.
    func check(_ path: String) throws(ToolError) {
        guard rules.verdict(on: path) == .denied else { return }
        recordRefusal(of: path)
        throw ToolError(.denied, "\"\(Workspace.shown(path))\" may not be used: a rule of a policy denies it.")
    }

    /// Keeps that a path was refused because it leads out, or may.
    func recordRefusal(of path: String) {
        recorder.add(
            SecurityEventRecord(.deniedPath, tool: tool, detail: Workspace.shown(path), callID: callID)
        )
    }
}
