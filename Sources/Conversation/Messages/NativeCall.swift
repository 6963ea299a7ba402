package import JSON

/// What a model's server sent beside a tool call, and wants back unread: signatures, encrypted or open reasoning.
///
/// It goes back to the same model at the same server only, within its turn and after it as long as all that is sent
/// before it is the same. Every other request has the call without it.
package struct NativeCall: Sendable, Hashable {
    /// The model and server whose call it is; nil until the provider says so.
    package var origin: String?

    /// Members beside the call's own.
    package let call: JSONObject

    /// Members beside those of the message that asks for the call; they are kept with its first call.
    package let message: JSONObject

    /// A digest of all that was sent before the answer; kept with its first call, nil if nothing came beside its calls.
    package var prefix: String?

    /// What is counted for it when a request is measured.
    package let byteCount: Int

    /// Whether anything came beside the call.
    package var isEmpty: Bool { call.isEmpty && message.isEmpty }

    /// What came beside a call.
    package init(origin: String? = nil, call: JSONObject = [:], message: JSONObject = [:]) {
        self.origin = origin
        self.call = call
        self.message = message
        byteCount = [call, message].reduce(0) { $0 + ($1.isEmpty ? 0 : JSONValue.object($1).text.utf8.count) }
    }
}

extension NativeCall {
    /// Reads the members of a stored call.
    init?(stored: JSONValue) {
        guard let origin = stored["origin"]?.stringValue else { return nil }
        let native = stored["native"]
        self.init(
            origin: origin,
            call: native?["call"]?.objectValue ?? [:],
            message: native?["message"]?.objectValue ?? [:]
        )
        prefix = native?["prefix"]?.stringValue
    }

    /// The members of a stored call.
    var stored: [(String, JSONValue)] {
        guard let origin else { return [] }
        var native: JSONObject = [:]
        if !call.isEmpty { native["call"] = JSONValue.object(call).storable }
        if !message.isEmpty { native["message"] = JSONValue.object(message).storable }
        native["prefix"] = prefix.map { .storable($0) }
        return [("origin", .storable(origin))] + (native.isEmpty ? [] : [("native", .object(native))])
    }
}
