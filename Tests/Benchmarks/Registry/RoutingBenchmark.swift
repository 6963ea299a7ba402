import Postgres

/// Which agent gets a message that names none: among few agents and among very many, against the server's text search.
struct RoutingBenchmark {
    let plan: Plan
    let database: BenchmarkDatabase

    private var sizes: [Int] { plan.isQuick ? [100, 1_000] : [100, 10_000, 100_000] }

    func section() async throws -> Section {
        var section = Section(
            title: "Routing",
            explanation: """
                The decision about a message of 8 words that names no agent (`agentctl.route()`), one call at a time, over \
                agents of 14 words of description, 3 examples of 8 words and 3 to 5 capabilities, of 8,000 words by Zipf's \
                law; the median of \(Format.number(Double(plan.routedMessages))) messages. Against `ts_rank` over the same \
                words with a GIN index, of a tenth as many messages.
                """,
            comparison: "ts_rank"
        )
        try await database.withClient(connections: 1) { client in
            try await client.withConnection { try await $0.executeScript(RoutedAgents.script) }
            for size in sizes {
                _ = try await client.query("SELECT routed.fill($1::integer)", [.integer(Int64(size))])
                try await client.withConnection { try await $0.executeScript("VACUUM ANALYZE") }
                section.measurements += try await measure(size, client)
            }
        }
        return section
    }

    private func measure(_ size: Int, _ client: PostgresClient) async throws -> [Measurement] {
        let agents = "\(Format.number(Double(size))) agents"
        let search = try await samples(of: "SELECT count(*) FROM routed.search($1)", plan.routedMessages / 10, client)
        let words = try await samples(of: "SELECT count(*) FROM agentctl.route($1)", plan.routedMessages, client)
        let capable = try await samples(
            of: "SELECT count(*) FROM agentctl.route($1, ARRAY['capability' || length($1) % 200 + 1])",
            plan.routedMessages,
            client
        )
        return [
            Measurement(
                subject: agents,
                measured: Format.milliseconds(words.median),
                comparison: Format.milliseconds(search.median),
                ratio: Samples([words.median / search.median]),
                target: size == 10_000 ? .atMost(2, words.median, unit: " ms") : nil
            ),
            Measurement(subject: "\(agents), one capability required", measured: Format.milliseconds(capable.median)),
        ]
    }

    /// Milliseconds of a statement, one message after the other; the same messages for each.
    private func samples(of sql: PostgresStatement, _ count: Int, _ client: PostgresClient) async throws -> Samples {
        let messages = try await client.query(
            "SELECT routed.message(n, 8) AS text FROM generate_series(1, $1::integer) AS n",
            [.integer(Int64(max(count, 1)))]
        ).map { try $0.decode("text", as: String.self) }
        return try await client.withConnection { connection in
            var samples = Samples()
            _ = try await connection.query(sql, [.text(messages[0])])
            for message in messages {
                samples.add(
                    try await ContinuousClock().measure {
                        _ = try await connection.query(sql, [.text(message)])
                    } / .milliseconds(1)
                )
            }
            return samples
        }
    }
}

/// Agents for the measurement, made by the server: the same for the same number.
private enum RoutedAgents {
    static let script = """
        CREATE SCHEMA routed;
        CREATE TABLE routed.text (name text PRIMARY KEY, words tsvector NOT NULL);
        CREATE INDEX text_words ON routed.text USING gin (words);
        CREATE FUNCTION routed.word(seed text, number integer) RETURNS text LANGUAGE sql IMMUTABLE AS $$
            SELECT 'w' || floor(exp((hashtextextended(seed, number) & 1048575) / 1048576.0 * ln(8000)))::integer || 'x'
        $$;
        CREATE FUNCTION routed.message(seed integer, words integer) RETURNS text LANGUAGE sql IMMUTABLE AS $$
            SELECT string_agg(routed.word('message' || seed, n), ' ') FROM generate_series(1, words) AS n
        $$;
        CREATE FUNCTION routed.document(seed integer) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
            SELECT jsonb_build_object('kind', 'agent', 'model', 'm', 'name', 'Agent' || seed,
                'description', (SELECT string_agg(routed.word('d' || seed, n), ' ') FROM generate_series(1, 14) AS n),
                'examples', (SELECT jsonb_agg((SELECT string_agg(routed.word(e || 'e' || seed, n), ' ')
                    FROM generate_series(1, 8) AS n)) FROM generate_series(1, 3) AS e),
                'capabilities', (SELECT jsonb_agg(DISTINCT 'capability' || floor(exp(
                    (hashtextextended('c' || seed, n) & 1048575) / 1048576.0 * ln(300)))::integer)
                    FROM generate_series(1, 3 + seed % 3) AS n))
        $$;
        CREATE FUNCTION routed.search(message text) RETURNS TABLE (name text, score real) LANGUAGE sql STABLE AS $$
            SELECT t.name, ts_rank(t.words, q.query) AS score
            FROM routed.text AS t, (SELECT replace(plainto_tsquery('english', message)::text, '&', '|')::tsquery AS query) AS q
            WHERE t.words @@ q.query ORDER BY 2 DESC, 1 LIMIT 5
        $$;
        CREATE FUNCTION routed.fill(agents integer) RETURNS integer LANGUAGE plpgsql AS $$
        BEGIN
            -- The checks of register() are not what is measured here; the index is built once and not as agents come.
            SET LOCAL session_replication_role = replica;
            INSERT INTO agentctl.definition_version (kind, name, version, document, content_hash)
            SELECT 'agent', d.document ->> 'name', 1, d.document, sha256(convert_to(d.document::text, 'UTF8'))
            FROM (SELECT routed.document(n) AS document FROM generate_series(1, agents) AS n) AS d
            ON CONFLICT DO NOTHING;
            INSERT INTO agentctl.definition (kind, name, current_version)
            SELECT 'agent', v.name, 1 FROM agentctl.definition_version AS v WHERE v.kind = 'agent' ON CONFLICT DO NOTHING;
            INSERT INTO routed.text SELECT v.name, to_tsvector('english', v.document::text)
            FROM agentctl.definition_version AS v WHERE v.kind = 'agent' ON CONFLICT DO NOTHING;
            RETURN agentctl.rebuild_routes();
        END $$;
        """
}
