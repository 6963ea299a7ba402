import CLibpq
import Glibc

/// Owns a result of libpq.
final class PostgresResult: @unchecked Sendable {
    // Sendable is right: libpq never changes a result after handing it out, and it is freed when nobody holds it.
    let pointer: OpaquePointer
    let rowCount: Int32
    let columnCount: Int32

    /// Takes over `pointer`.
    init(_ pointer: OpaquePointer) {
        self.pointer = pointer
        rowCount = PQntuples(pointer)
        columnCount = PQnfields(pointer)
    }

    deinit {
        PQclear(pointer)
    }

    var status: ExecStatusType { PQresultStatus(pointer) }

    /// Whether the statement did what it should.
    var isSuccess: Bool {
        switch status {
        case PGRES_TUPLES_OK, PGRES_COMMAND_OK, PGRES_EMPTY_QUERY: true
        default: false
        }
    }

    /// What was done, such as `INSERT 0 1` or `ROLLBACK`.
    var commandTag: String { PQcmdStatus(pointer).map { String(cString: $0) } ?? "" }

    /// How many rows were inserted, updated, deleted, merged or selected.
    var affectedRows: Int { PQcmdTuples(pointer).flatMap { Int(String(cString: $0)) } ?? 0 }

    func column(_ index: Int32) -> PostgresColumn {
        PostgresColumn(
            name: PQfname(pointer, index).map { String(cString: $0) } ?? "",
            type: PostgresType(number: PQftype(pointer, index))
        )
    }

    /// The first column of that name.
    func columnIndex(_ name: String) -> Int32? {
        name.withCString { name in
            for index in 0..<columnCount {
                guard let candidate = PQfname(pointer, index) else { continue }
                if strcmp(candidate, name) == 0 { return index }
            }
            return nil
        }
    }

    /// A field of the report of an error.
    func errorField(_ field: Unicode.Scalar) -> String? {
        PQresultErrorField(pointer, Int32(field.value)).map { String(cString: $0) }
    }
}
