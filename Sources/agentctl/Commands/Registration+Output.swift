import Definitions
import Engine
import JSON
import Store

extension Registration {
    /// What became of the document, on one line.
    var text: String {
        "\(kind) \(name) v\(version) (\(isChanged ? version == 1 ? "new" : "new version" : "unchanged"))"
    }

    /// The result for the document, as `--json` prints it.
    var json: JSONValue {
        [
            "kind": .string(kind), "name": .string(name), "version": .integer(Int64(version)),
            "version_id": .integer(versionID), "changed": .bool(isChanged),
        ]
    }
}

extension Console {
    /// Prints what would become of documents, with what would be different.
    func print(_ rehearsed: [RehearsedRegistration]) {
        if isJSON {
            print(.array(rehearsed.map { .object($0.json) }))
            return
        }
        for document in rehearsed {
            print(document.registration.text)
            guard document.isNewVersion else { continue }
            let lines = document.difference.text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
            print(output.shown(lines.map { "    \($0)" }.joined(separator: "\n")))
        }
    }
}

extension RehearsedRegistration {
    /// Whether it changes what is in force, so that there is something to compare.
    fileprivate var isNewVersion: Bool { registration.isChanged && !before.isEmpty }

    fileprivate var difference: DocumentDifference {
        let name = registration.name
        return DocumentDifference(before, "\(name) in force", after, "\(name) v\(registration.version)")
    }

    fileprivate var json: JSONObject {
        var object = registration.json.objectValue ?? [:]
        if isNewVersion { for member in difference.json { object[member.key] = member.value } }
        return object
    }
}
