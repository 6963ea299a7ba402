import Postgres
import Testing

struct PostgresConfigurationTests {
    @Test func aURLAndAConnectionStringSayTheSame() throws {
        let url = try PostgresConfiguration(url: "postgresql://me:s%27cret@db.example:5433/agents?sslmode=require")
        let list = try PostgresConfiguration(
            url: "host=db.example port=5433 dbname=agents user=me password='s\\'cret' sslmode=require"
        )
        #expect(url.connectionString == list.connectionString)
        #expect(try PostgresConfiguration(url: url.connectionString).connectionString == url.connectionString)
        #expect(url.connectionString.contains("password='s\\'cret'"))
    }

    @Test func thePasswordIsInNoDescription() throws {
        let configuration = try PostgresConfiguration(url: "postgresql://me:hunter2@db.example/agents")
        var dumped = ""
        dump(configuration, to: &dumped)
        let texts = [
            "\(configuration)", String(reflecting: configuration),
            "\(Mirror(reflecting: configuration).children.map { "\($0)" })", dumped,
        ]
        #expect(texts.filter { $0.contains("hunter2") } == [])
        #expect(configuration.description == "host=db.example dbname=agents user=me")
    }

    @Test(arguments: ["postgresql://a:hunter2@[/", "pass word=hunter2", "x='hunter2"]
    )
    func theErrorOfAMalformedStringDoesNotQuoteIt(url: String) async {
        let error = await postgresError { try PostgresConfiguration(url: url) }
        #expect(error?.code == .invalidConfiguration)
        #expect(error?.debugDescription.contains("hunter2") == false)
    }

    @Test func theEnvironmentDATABASEURLFirstTheVariablesOfLibpqForTheRest() throws {
        let configuration = try PostgresConfiguration(environment: [
            "DATABASE_URL": "postgresql:///agents", "PGHOST": "/run/postgresql", "PGDATABASE": "other",
            "PGUSER": "me", "PGPASSWORD": "hunter2", "PGPORT": "", "PATH": "/bin",
        ])
        #expect(
            configuration.connectionString
                == "dbname='agents' host='/run/postgresql' password='hunter2' user='me'"
        )
        #expect(try PostgresConfiguration(environment: [:]).description == "the default database")
    }

    @Test func connectTimeoutOfTheStringIsTheTimeout() throws {
        #expect(try PostgresConfiguration(url: "connect_timeout=3").connectTimeout == .seconds(3))
        #expect(try PostgresConfiguration(url: "").connectTimeout == .seconds(10))
    }
}
