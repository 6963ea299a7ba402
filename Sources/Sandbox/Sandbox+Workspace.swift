extension Sandbox {
    /// Why untrusted code that may write in a workspace would be refused by this process; nil when it would not.
    ///
    /// - Parameter path: An absolute path.
    package static func workspaceProblem(at path: String) -> String? {
        guard let workspace = DirectoryIdentity(path) else { return "the workspace \(path) is no directory" }
        guard let user = SandboxEngine.user(for: workspace) else { return nil }
        do throws(SandboxError) {
            try workspace.check(.writable, for: user)
            return nil
        } catch {
            return error.message
        }
    }
}
