import TestSupport
import Testing

struct EncodingTests {
    @Test(arguments: ["LATIN1", "SQL_ASCII"])
    func aDatabaseInAnotherEncodingIsRefusedBeforeAnythingIsWritten(_ encoding: String) async throws {
        try await withDatabase { other in
            let name = "encoding_\(encoding.lowercased())"
            let admin = other.replacingDatabase(with: "postgres")
            _ = try await psql(
                admin,
                "CREATE DATABASE \(name) ENCODING '\(encoding)' LOCALE 'C' TEMPLATE template0"
            )
            let url = other.replacingDatabase(with: name)
            for arguments in [["init-db"], ["init-db", "--seed", "--dry-run"]] {
                let result = try await AgentctlProcess(arguments, environment: ["DATABASE_URL": url]).result()
                #expect(result.status == 3)
                #expect(result.errors.contains("has the encoding \(encoding), and agentctl needs UTF8"))
                #expect(result.errors.contains("ENCODING 'UTF8'"), "\(result.errors)")
            }
            #expect(try await psql(url, "SELECT count(*) FROM pg_namespace WHERE nspname = 'agentctl'") == "0")
            let doctor = try await agentctl("doctor", url: url)
            #expect(doctor.status == 1 && doctor.output.contains("FAIL  encoding"), "\(doctor.output)")
            _ = try await psql(admin, "DROP DATABASE \(name) WITH (FORCE)")
        }
    }
}
