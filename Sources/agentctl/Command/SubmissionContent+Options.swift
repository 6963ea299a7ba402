import Conversation
import JSON

extension SubmissionContent {
    /// What commands send: the text of an argument, or the JSON of the option `--input`.
    ///
    /// - Throws: ``CommandFailure`` with ``ExitStatus/usage`` when the input is not JSON.
    init(message: String?, input: String?) throws(CommandFailure) {
        guard let input else {
            self = .message(message ?? "")
            return
        }
        self = .input(try JSONValue(option: "--input", input))
    }
}
