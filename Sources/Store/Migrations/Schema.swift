import Definitions

/// The SQL of a release: all that makes the schema `agentctl`.
package struct Schema: Sendable {
    /// The numbered files, in order of number.
    package let tables: [SchemaFile]
    /// Rows, routines and views, in the order in which they are applied.
    package let objects: [SchemaFile]
    /// What brings databases of earlier layouts to this one.
    package let upgrades: [SchemaFile]
    /// What every migration ends with.
    package let ending: String

    /// A schema.
    ///
    /// - Parameters:
    ///   - files: The files, in any order.
    ///   - ending: What every migration ends with.
    package init(files: [SchemaFile], ending: String = "") {
        let byKind = Dictionary(grouping: files.sorted { $0.name < $1.name }, by: \.kind)
        tables = (byKind[.tables] ?? []).sorted { ($0.number ?? 0) < ($1.number ?? 0) }
        objects = (byKind[.rows] ?? []) + (byKind[.routines] ?? []) + Self.ordered(byKind[.views] ?? [])
        upgrades = byKind[.upgrades] ?? []
        self.ending = ending
    }

    /// The schema that travels inside the program.
    package static let embedded: Schema = {
        let embedded = EmbeddedFile.all(in: "migrations")
        return Schema(
            files: embedded.compactMap {
                SchemaFile(name: String($0.path.dropFirst("migrations/".count)), text: $0.text)
            },
            ending: embedded.first { $0.path == "migrations/finally.sql" }?.text ?? ""
        )
    }()

    /// All files but the upgrades, in the order in which they are applied to an empty database.
    package var files: [SchemaFile] { objects.filter(\.isFirst) + tables + objects.filter { !$0.isFirst } }

    /// A digest of all files, in hex: FNV-1a over eight bytes at a time.
    ///
    /// It is computed at the start of each command, and so has to be fast. It does not protect from a deliberate collision.
    package var fingerprint: String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        func add(_ text: String) {
            var text = text
            text.withUTF8 { bytes in
                let raw = UnsafeRawBufferPointer(bytes)
                var place = 0
                while place < raw.count {
                    let isWhole = place + 8 <= raw.count
                    let word = isWhole ? raw.loadUnaligned(fromByteOffset: place, as: UInt64.self) : UInt64(raw[place])
                    hash = (hash ^ word) &* 0x100_0000_01b3
                    hash ^= hash >> 32
                    place += isWhole ? 8 : 1
                }
            }
        }
        for file in files.sorted(by: { $0.name < $1.name }) {
            add(file.name)
            add(file.text)
        }
        add(ending)
        return String(hash, radix: 16)
    }

    /// Sorts views after those that they read, and by name otherwise.
    ///
    /// A circle is left for the server to refuse.
    private static func ordered(_ views: [SchemaFile]) -> [SchemaFile] {
        var waiting = views
        var result: [SchemaFile] = []
        while !waiting.isEmpty {
            let names = Set(waiting.map(\.stem))
            let index = waiting.firstIndex { names.isDisjoint(with: $0.predecessors) } ?? 0
            result.append(waiting.remove(at: index))
        }
        return result
    }
}
