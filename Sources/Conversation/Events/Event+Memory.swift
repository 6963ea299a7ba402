package import JSON

extension Event {
    /// What a turn was shown of what is remembered.
    package struct RecalledMemories: Sendable, Hashable {
        /// One memory.
        package struct Item: Sendable, Hashable {
            /// Its number.
            package var id: Int64
            /// The version that was shown.
            package var version: Int
            /// From 0 to 1.
            package var relevance: Double

            package init(id: Int64, version: Int, relevance: Double) {
                (self.id, self.version, self.relevance) = (id, version, relevance)
            }
        }

        /// The memories, in the order in which they were shown.
        package var items: [Item]
        /// What they were found by: `words`, or `words and meaning`.
        package var by: String
        /// Why they were found by words only, where meaning was wanted; or why nothing was searched.
        package var reason: String?

        package init(items: [Item], by: String, reason: String? = nil) {
            (self.items, self.by, self.reason) = (items, by, reason)
        }

        init?(_ data: EventData) {
            guard let list = data.object["items"]?.arrayValue, let by = data.text("by") else { return nil }
            var items: [Item] = []
            for value in list {
                guard let id = value["id"]?.integerValue, let version = value["version"]?.integerValue,
                    let relevance = value["relevance"]?.numberValue
                else { return nil }
                items.append(Item(id: id, version: Int(version), relevance: relevance))
            }
            self.init(items: items, by: by, reason: data.text("reason"))
        }

        var json: JSONObject {
            let items = items.map { item -> JSONValue in
                [
                    "id": .integer(item.id), "version": .integer(Int64(item.version)),
                    "relevance": .number(item.relevance),
                ]
            }
            let object: JSONObject = ["items": .array(items), "by": .string(by)]
            return object.adding("reason", reason)
        }
    }
}
