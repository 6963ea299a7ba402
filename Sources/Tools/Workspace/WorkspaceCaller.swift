package import Conversation

/// The call that a path comes from: a path that leads out of the workspace is recorded with it.
package struct WorkspaceCaller: Sendable {
    /// The tool's name.
    package let tool: String

    /// The model's name for the call; empty outside of a turn.
    package let callID: String

    /// Where refusals are recorded.
    package let recorder: CallRecorder

    /// Keeps that a path was refused because it leads out, or may.
    func recordRefusal(of path: String) {
        recorder.add(
            SecurityEventRecord(.deniedPath, tool: tool, detail: Workspace.shown(path), callID: callID)
        )
    }
}
