import JSON
import Testing

struct JSONObjectTests {
    @Test func membersKeepTheirOrderWhenSetChangedAndRemoved() {
        var object: JSONObject = ["b": 1, "a": 2, "c": 3]
        object["a"] = 4
        object["d"] = 5
        object["b"] = nil
        object["missing"] = nil
        #expect(JSONValue.object(object).text == #"{"a":4,"c":3,"d":5}"#)
        #expect(object.keys == ["a", "c", "d"])
        #expect(object.count == 3)
        #expect(object[1] == JSONObject.Member(key: "c", value: 3))
        #expect(object.position(of: "d") == 2)
        #expect(object.position(of: "b") == nil)
    }

    @Test func ofEqualKeysInALiteralTheLastValueCounts() {
        let object: JSONObject = ["a": 1, "b": 2, "a": 3]
        #expect(JSONValue.object(object).text == #"{"a":3,"b":2}"#)
        #expect(JSONObject([("x", 1), ("x", 2)]) == ["x": 2])
    }

    @Test func smallAndLargeObjectsBehaveTheSame() {
        for count in [0, 1, 15, 16, 17, 18, 100] {
            var object = JSONObject()
            for number in 0..<count { object["k\(number)"] = .integer(Int64(number)) }
            #expect(object.count == count)
            #expect((0..<count).allSatisfy { object["k\($0)"] == .integer(Int64($0)) })
            #expect(object["k\(count)"] == nil)
            for number in stride(from: 0, to: count, by: 2) { object["k\(number)"] = nil }
            let left = stride(from: 1, to: count, by: 2)
            #expect(object.keys == left.map { "k\($0)" })
            #expect(left.allSatisfy { object["k\($0)"] == .integer(Int64($0)) })
            #expect(object["k0"] == nil)
            object["k1"] = "new"
            #expect(object["k1"] == "new")
        }
    }

    @Test func equalityDoesNotLookAtTheOrderAtAnySize() {
        let members = (0..<40).map { ("k\($0)", JSONValue.integer(Int64($0))) }
        let forwards = JSONObject(members)
        let backwards = JSONObject(members.reversed())
        #expect(forwards == backwards)
        #expect(forwards.hashValue == backwards.hashValue)
        var changed = backwards
        changed["k7"] = 0
        #expect(forwards != changed)
    }

    @Test func aCopyIsItsOwn() {
        let original = JSONObject((0..<20).map { ("k\($0)", 1) })
        var copy = original
        copy["k3"] = nil
        copy["new"] = 2
        #expect(original.count == 20)
        #expect(original["k3"] == 1)
        #expect(original["new"] == nil)
    }
}
