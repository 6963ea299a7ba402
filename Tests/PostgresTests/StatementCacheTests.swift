import Testing

@testable import Postgres

@Suite("Prepared statements of a connection")
struct StatementCacheTests {
    @Test("A statement is prepared once, and used by name when the server has confirmed it")
    func preparedOnce() {
        var cache = StatementCache(capacity: 2)
        #expect(cache.use("a") == .prepare(name: "s1", evicted: nil))
        #expect(cache.use("a") == .unprepared)
        cache.confirm("a")
        #expect(cache.use("a") == .prepared(name: "s1"))
    }

    @Test("The least recently used one makes room")
    func eviction() {
        var cache = StatementCache(capacity: 2)
        for statement: PostgresStatement in ["a", "b"] {
            _ = cache.use(statement)
            cache.confirm(statement)
        }
        #expect(cache.use("a") == .prepared(name: "s1"))
        #expect(cache.use("c") == .prepare(name: "s3", evicted: "s2"))
        #expect(cache.use("a") == .prepared(name: "s1"))
        #expect(cache.count == 2)
    }

    @Test("One that is being prepared is not evicted")
    func unconfirmed() {
        var cache = StatementCache(capacity: 1)
        #expect(cache.use("a") == .prepare(name: "s1", evicted: nil))
        #expect(cache.use("b") == .unprepared)
        cache.confirm("a")
        #expect(cache.use("b") == .prepare(name: "s2", evicted: "s1"))
    }

    @Test("One that was refused is prepared anew, under another name")
    func forgotten() {
        var cache = StatementCache(capacity: 1)
        _ = cache.use("a")
        cache.forget("a")
        #expect(cache.use("a") == .prepare(name: "s2", evicted: nil))
    }

    @Test("Nothing is prepared without capacity")
    func switchedOff() {
        var cache = StatementCache(capacity: 0)
        #expect(cache.use("a") == .unprepared)
    }
}
