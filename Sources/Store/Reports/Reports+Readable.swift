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
}
