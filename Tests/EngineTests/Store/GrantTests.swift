import JSON
import Postgres
import TestSupport
import Testing

@testable import Engine
@testable import Store

/// That no role comes to more than `role_grant` says.
@Suite struct GrantTests {
    @Test func noRoleBecomesTheOwnerOfTheSchema() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            for role in ["agentctl_owner", "agentctl_worker", "agentctl_client", "agentctl_reader"] {
                try await bench.withUser(in: role) { user in
                    // What would run with the rights of the schema's owner.
                    for statement in [
                        "CREATE FUNCTION agentctl.f() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
                        "CREATE TABLE agentctl.t (i integer)",
                        """
                        CREATE OPERATOR agentctl.= (LEFTARG = agentctl.conversation_state,
                            RIGHTARG = agentctl.conversation_state, FUNCTION = enum_eq)
                        """,
                        """
                        CREATE TRIGGER t BEFORE UPDATE ON agentctl.submission FOR EACH ROW
                        EXECUTE FUNCTION suppress_redundant_updates_trigger()
                        """,
                        "CREATE RULE r AS ON INSERT TO agentctl.submission DO ALSO SELECT 1",
                        "ALTER TABLE agentctl.submission DISABLE TRIGGER ALL", "TRUNCATE agentctl.delta",
                        "CREATE TEMP TABLE t (id text REFERENCES agentctl.conversation)",
                        "CREATE FUNCTION agentctl_sql.f() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
                        "ALTER FUNCTION agentctl.caller() SECURITY DEFINER",
                        "UPDATE agentctl.role_grant SET privileges = NULL", "DELETE FROM agentctl.migration",
                    ] {
                        let state = try await user.state(of: statement)
                        // A temporary table that refers to another one is refused for being temporary.
                        #expect(["42501", "42P16"].contains(state), "\(role): \(statement)")
                    }
                }
            }
            try await bench.withUser(in: "agentctl_owner") { owner in
                for statement in [
                    "UPDATE agentctl.setting SET value = value", "SELECT agentctl.submit('c', 'hello')",
                    "UPDATE agentctl.agents SET max_iterations = 3", "SELECT agentctl.rollback('assistant')",
                    "SELECT agentctl.unregister('assistant', 'agent')", "SELECT agentctl.create_partitions(5)",
                    "SELECT agentctl.rebuild_routes()", "INSERT INTO agentctl.tasks (description) VALUES ('x')",
                ] {
                    let state = try await owner.state(of: statement)
                    #expect(state == nil || state == "AC002" || state == "AC003", "\(statement): \(state ?? "")")
                }
            }
        }
    }

    @Test func functionsOfTheSchemaRunAsNoSuperuser() async throws {
        try await withBench { bench in
            let owners = try await bench.texts(
                """
                SELECT DISTINCT r.rolname || ' ' || (r.rolsuper OR r.rolcreaterole OR r.rolcanlogin)::text AS text
                FROM pg_proc AS p JOIN pg_roles AS r ON r.oid = p.proowner
                WHERE p.pronamespace IN ('agentctl'::regnamespace, 'agentctl_sql'::regnamespace) AND p.prosecdef
                UNION
                SELECT DISTINCT r.rolname || ' ' || r.rolsuper::text
                FROM pg_class AS c JOIN pg_roles AS r ON r.oid = c.relowner
                WHERE c.relnamespace = 'agentctl'::regnamespace ORDER BY 1
                """
            )
            #expect(owners == ["agentctl_query false", "agentctl_schema false"])
        }
    }

    @Test func whatASuperuserMadeIsGivenAwayAgain() async throws {
        try await withBench { bench in
            try await bench.script(
                """
                ALTER SCHEMA agentctl OWNER TO CURRENT_USER;
                ALTER TABLE agentctl.turn OWNER TO CURRENT_USER;
                ALTER FUNCTION agentctl.claim(bigint, integer, text) OWNER TO CURRENT_USER;
                """
            )
            #expect(try await bench.reports.privilegeReport()["owner_is_superuser"] == true)
            try await bench.script("SELECT agentctl.grant_roles()")
            let report = try await bench.reports.privilegeReport()
            #expect(report["owner_is_superuser"] == false && report["schema_owner"] == "agentctl_schema")
            #expect(try await bench.text("SELECT agentctl.give_to_schema_role()::text AS text") == "0")
        }
    }

    @Test func whatEverybodyMayUseIsFoundAndTakenBack() async throws {
        try await withBench { bench in
            #expect(try await bench.reports.privilegeReport()["open_to_public"] == [])
            // As pg_restore --no-acl leaves it: a function without privileges is PUBLIC's.
            try await bench.script(
                """
                GRANT USAGE ON SCHEMA agentctl TO PUBLIC;
                GRANT SELECT ON agentctl.message TO PUBLIC;
                GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA agentctl TO PUBLIC;
                GRANT TRIGGER ON agentctl.submission TO agentctl_worker;
                """
            )
            let open = try await bench.reports.privilegeReport()
            #expect(open["open_to_public"]?.arrayValue?.count == 20)
            #expect(open["stray_privileges"] == ["agentctl_worker: TRIGGER agentctl.submission"])
            try await bench.script("SELECT agentctl.grant_roles()")
            let closed = try await bench.reports.privilegeReport()
            #expect(closed["open_to_public"] == [] && closed["stray_privileges"] == [])
            try await bench.withUser(in: "agentctl_client") { user in
                for call in ["register('{}')", "claim(1, 1)", "message", "import_conversation('{}')"] {
                    let statement = call == "message" ? "SELECT FROM agentctl.message" : "SELECT agentctl.\(call)"
                    let state = try await user.state(of: statement)
                    #expect(state == "42501", "\(call)")
                }
            }
        }
    }

    /// What a member of agentctl_query can do to the functions that this role owns.
    static let alterations = [
        "SECURITY INVOKER", "SECURITY INVOKER SET role = agentctl_query",
        "SECURITY INVOKER SET session_authorization = agentctl_query",
    ]

    @Test(arguments: alterations)
    func aMemberOfTheQueryRoleDoesNotGetWhatRunsItsFunctions(alteration: String) async throws {
        try await withBench { bench in
            let run = "agentctl_sql.run(text, jsonb, integer, integer, boolean)"
            let asked = "SELECT rows AS text FROM agentctl_sql.run('SELECT current_user AS u', '{}', 1, 100)"
            try await bench.withUser(in: "agentctl_query") { member in
                for statement in [
                    "ALTER FUNCTION agentctl_sql.guard() SECURITY DEFINER", "ALTER FUNCTION \(run) \(alteration)",
                    "ALTER FUNCTION agentctl_sql.examine(text) \(alteration)",
                ] {
                    #expect(try await member.state(of: statement) == nil, "\(statement)")
                }
                for statement in [asked, "SELECT agentctl_sql.examine('SELECT 1')"] {
                    let error = await #expect(throws: PostgresError.self) {
                        try await bench.client.query(PostgresStatement(statement))
                    }
                    #expect(error?.sqlState == "AC003", "\(statement)")
                }
                // Other tests may have members of their own.
                let report = try await bench.reports.privilegeReport()
                #expect(report["query_members"]?.arrayValue?.contains(.string(member.name)) == true)
                let installed = try await bench.reports.installationReport()
                #expect(installed["may_run_sql"] == false)
            }
            try await bench.script("SELECT agentctl.grant_roles()")
            #expect(try await bench.text(PostgresStatement(asked)) == #"[{"u":"agentctl_query"}]"#)
        }
    }
}
