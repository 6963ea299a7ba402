internal import Logging
import Store

extension StoreError {
    /// The failure as fields of a log entry, without data: `error`, and `sqlState` and `constraint` if there are any.
    var metadata: Logger.Metadata {
        var metadata: Logger.Metadata = ["error": "\(self)"]
        if let sqlState { metadata["sqlState"] = "\(sqlState)" }
        if let constraint { metadata["constraint"] = "\(constraint)" }
        return metadata
    }
}
