internal import Postgres

extension DefinitionStore {
    /// Lets the members of a database role use an agent, a chain or a function.
    ///
    /// - Parameters:
    ///   - kind: `agent`, `chain` or `function`.
    ///   - name: The definition's name.
    ///   - role: The role.
    /// - Returns: Whether it was not granted before.
    /// - Throws: ``StoreError/Code/notFound`` for unknown names, ``StoreError/Code/notPermitted`` unless the user is an
    ///   owner.
    package func grantUse(of kind: String, _ name: String, to role: String) async throws(StoreError) -> Bool {
        try await database.onLeased(
            "SELECT agentctl.grant_use($1, $2, $3) AS changed",
            [.text(kind), .text(name), .text(role)]
        ).scalar("changed")
    }

    /// Takes back what ``grantUse(of:_:to:)`` has granted.
    ///
    /// - Parameters: As ``grantUse(of:_:to:)`` takes them.
    /// - Returns: Whether there was such a grant.
    /// - Throws: As ``grantUse(of:_:to:)``.
    package func revokeUse(of kind: String, _ name: String, from role: String) async throws(StoreError) -> Bool {
        try await database.onLeased(
            "SELECT agentctl.revoke_use($1, $2, $3) AS changed",
            [.text(kind), .text(name), .text(role)]
        ).scalar("changed")
    }
}
