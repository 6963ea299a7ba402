import Definitions
package import JSON

extension JSONValue {
    /// Text that PostgreSQL can hold: it has no U+0000, which becomes U+FFFD.
    ///
    /// Models and tools may say anything; without this one such character would make a turn impossible to store.
    package static func storable(_ text: String) -> JSONValue {
        .string(text.withoutNullCharacters)
    }

    /// The value with such text everywhere in it, in the names of members as well.
    package var storable: JSONValue {
        switch self {
        case .string(let text): .storable(text)
        case .array(let values): .array(values.map(\.storable))
        case .object(let members):
            .object(JSONObject(members.map { ($0.key.withoutNullCharacters, $0.value.storable) }))
        default: self
        }
    }
}
