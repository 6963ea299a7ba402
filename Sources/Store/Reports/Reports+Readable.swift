internal import Postgres

extension Reports {
    /// Whether the user may read what others started, and all definitions.
    func readsAll() async throws(StoreError) -> Bool {
        try await database.onShared("SELECT agentctl.may_read_all() AS reads_all").scalar("reads_all")
    }

    /// The view that a user reads: readers a view itself, others what is their own of it.
    ///
    /// A condition inside the view would keep readers from its indexes, and a view without a barrier would compute what
    /// users write for the rows of others.
    ///
    /// - Parameter view: The name of a view that has another before whose name stands `own_`.
    /// - Returns: The name of one of them, with its schema.
    func readable(_ view: StaticString) async throws(StoreError) -> String {
        try await readsAll() ? "agentctl.\(view)" : "agentctl.own_\(view)"
    }

    /// Fails where a report is empty since there is no agent or chain of the name, and never was.
    ///
    /// Of what others have, clients do not learn whether it is there.
    ///
    /// - Throws: ``StoreError/Code/notFound`` with the nearest name.
    package func requireKnown(_ name: String?) async throws(StoreError) {
        guard let name, try await readsAll() else { return }
        _ = try await database.onShared("SELECT agentctl.require_known_responder($1)", [.text(name)])
    }
}
