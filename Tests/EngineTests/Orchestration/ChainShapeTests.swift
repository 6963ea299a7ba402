import JSON
import Postgres
import TestSupport
import Testing

@testable import Store

/// Documents of chains with values of other shapes than theirs.
@Suite struct ChainShapeTests {
    @Test(arguments: [
        (#"{"A": "B"}"#, "to.A is a string (expected a list of names of agents)"),
        (#"{"A": {"B": 1}}"#, "to.A is an object (expected a list of names of agents)"),
        (#"["A"]"#, "to is a list (expected lists of names of agents by the name of an agent)"),
    ]) func whomAHandoffLeadsToIsAList(to: String, message: String) async throws {
        try await Bench.withChains { bench in
            let error = await #expect(throws: StoreError.self) {
                try await bench.register(
                    #"""
                    [{"kind": "agent", "name": "A", "model": "echo"}, {"kind": "agent", "name": "B", "model": "echo"},
                     {"kind": "chain", "name": "desk", "strategy": "handoff", "start": "A", "to": \#(to)}]
                    """#
                )
            }
            #expect(error?.code == .invalid && "\(String(describing: error))".contains(message))
        }
    }

    /// Every value of every strategy's document replaced by each of many: registered, or refused with its place.
    @Test func aChainOfAnyShapeIsRegisteredOrRefused() async throws {
        let whole = [
            ChainDocuments.sequence, ChainDocuments.parallel(), ChainDocuments.each, ChainDocuments.vote,
            ChainDocuments.graph,
            #"{"kind": "chain", "name": "desk", "from": ["Worker"], "to": ["Other", {"capabilities": ["other"]}]}"#,
            """
            {"kind": "chain", "name": "support", "strategy": "handoff", "start": "Worker",
             "to": {"Worker": ["Other"], "Other": ["Worker"]}, "sticky": true}
            """,
            """
            {"kind": "chain", "name": "team", "strategy": "hierarchical", "manager": "Worker", "specialists": ["Other"],
             "max_replans": 1, "approve_plan": true}
            """,
        ]
        let shapes: [JSONValue] = [
            .null, true, -1, "", "{{", [], [[]], ["Other", .null], [:], ["Worker": "Other"], ["Worker": ["Other", 1]],
        ]
        var documents: [JSONValue] = []
        for text in whole {
            let document = try JSONValue(parsing: text)
            for place in Self.places(in: document) where !place.isEmpty && place != ["kind"] {
                documents += shapes.map { Self.replacing(place[...], of: document, with: $0) }
            }
        }
        try await Bench.withChains { bench in
            let text = JSONValue.array(documents).text
            let unexpected = try await bench.client.withConnection { connection in
                try await connection.executeScript(Self.attempt)
                return try await connection.query(
                    """
                    SELECT pg_temp.attempt(e.value) || ' for ' || e.value AS text
                    FROM jsonb_array_elements($1::text::jsonb) AS e
                    WHERE pg_temp.attempt(e.value) NOT IN ('registered', 'AC001') LIMIT 5
                    """,
                    [.text(text)]
                ).map { try $0.decode("text", as: String.self) }
            }
            #expect(unexpected == [])
        }
    }

    /// Registers a document, takes that back, and returns how it went.
    private static let attempt = """
        CREATE FUNCTION pg_temp.attempt(document jsonb) RETURNS text LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM agentctl.register(document);
            RAISE EXCEPTION 'it can be, and is taken back' USING ERRCODE = 'ACTRY';
        EXCEPTION WHEN OTHERS THEN
            RETURN CASE SQLSTATE WHEN 'ACTRY' THEN 'registered' ELSE SQLSTATE END;
        END $$
        """

    /// The places of all values in a value, as member names and indices.
    private static func places(in value: JSONValue) -> [[String]] {
        var places: [[String]] = [[]]
        for member in value.objectValue ?? [:] {
            places += Self.places(in: member.value).map { [member.key] + $0 }
        }
        for (index, item) in (value.arrayValue ?? []).enumerated() {
            places += Self.places(in: item).map { [String(index)] + $0 }
        }
        return places
    }

    private static func replacing(_ place: ArraySlice<String>, of value: JSONValue, with other: JSONValue) -> JSONValue
    {
        guard let first = place.first else { return other }
        if var object = value.objectValue, let member = object[first] {
            object[first] = replacing(place.dropFirst(), of: member, with: other)
            return .object(object)
        }
        guard var list = value.arrayValue, let index = Int(first) else { return value }
        list[index] = replacing(place.dropFirst(), of: list[index], with: other)
        return .array(list)
    }
}
