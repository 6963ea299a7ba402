import Postgres

/// One kind of statement, as the client runs it and as pgbench does.
struct ClientLoad: Sendable {
    let name: String
    /// Whether the client may share a connection among statements.
    let isRead: Bool
    let statement: PostgresStatement
    /// Parameters of the statement, made of a number that differs from call to call.
    let parameters: @Sendable (Int64) -> [PostgresValue]
    /// Takes what a caller would take from the answer.
    let decode: @Sendable (PostgresRows) throws -> Void
    /// The same for pgbench.
    let script: String
    /// The least ratio that was asked for.
    let target: Double

    /// Rows that the reads find.
    static let documents: Int64 = 1_000

    static let all = [
        ClientLoad(
            name: "`SELECT 1`, pipelined",
            isRead: true,
            statement: "SELECT 1 AS one",
            parameters: { _ in [] },
            decode: { _ = try $0.first?.decode("one", as: Int.self) },
            script: "SELECT 1 AS one;\n",
            target: 0.9
        ),
        ClientLoad(
            name: "2 KB of jsonb by key, pipelined",
            isRead: true,
            statement: "SELECT document FROM benchmark.document WHERE id = $1",
            parameters: { [.integer($0 % documents + 1)] },
            decode: { _ = try $0.first?.decode("document", as: String.self) },
            script: """
                \\set id random(1, \(documents))
                SELECT document FROM benchmark.document WHERE id = :id;

                """,
            target: 0.9
        ),
        ClientLoad(
            name: "`INSERT` and commit, leased",
            isRead: false,
            statement: "INSERT INTO benchmark.entry (number, note) VALUES ($1, $2)",
            parameters: { [.integer($0), "a note of some words"] },
            decode: { _ in },
            script: """
                \\set number random(1, 1000000)
                INSERT INTO benchmark.entry (number, note) VALUES (:number, 'a note of some words');

                """,
            target: 0.85
        ),
    ]

    /// What the statements need in the database.
    static let tables = """
        CREATE SCHEMA benchmark;
        CREATE TABLE benchmark.entry (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, number bigint NOT NULL, note text NOT NULL
        );
        CREATE TABLE benchmark.document (id bigint PRIMARY KEY, document jsonb NOT NULL);
        ALTER TABLE benchmark.document ALTER COLUMN document SET STORAGE EXTERNAL;
        INSERT INTO benchmark.document
        SELECT n, (SELECT jsonb_object_agg('member ' || i, md5(n::text || i)) FROM generate_series(1, 41) AS i)
        FROM generate_series(1, \(documents)) AS n;
        ANALYZE benchmark.document;
        """
}
