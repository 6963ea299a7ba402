import Functions
import JSON
import Postgres
import Testing

@Suite struct FunctionCacheTests {
    private func definition(_ source: String) -> FunctionDefinition {
        FunctionDefinition(document: ["name": "f", "source": .string(source)], version: 1, versionID: 7)
    }

    @Test func aFunctionIsCompiledOnceUnlessItsIDWasGivenOutAgain() throws {
        let cache = FunctionCache()
        let first = try cache.function(definition("def f():\n    return 1"))
        #expect(try cache.function(definition("def f():\n    return 1")) === first)
        // The commit that stored the first one is lost, and another function has its id.
        let second = try cache.function(definition("def f():\n    return 2"))
        #expect(second !== first && second.definition.source.hasSuffix("2"))
    }

    @Test func whatWasReadBeforeAConnectionChangedIsReadAgain() throws {
        let cache = FunctionCache()
        let before = PostgresConnectionChanges(opened: 2, lost: 0)
        let function = try cache.function(definition("def f():\n    return 1"), readAt: before)
        #expect(cache.cached(7, at: before) === function)
        #expect(cache.cached(7, at: PostgresConnectionChanges(opened: 2, lost: 1)) == nil)
        #expect(cache.cached(7, at: PostgresConnectionChanges(opened: 3, lost: 0)) == nil)
        #expect(cache.cached(8, at: before) == nil)
    }
}
