internal import CCurl

extension CurlEngine {
    private static let maximumSpareHandles = 64

    func execute(_ command: CurlInbox.Command) {
        switch command {
        case .start(let transfer):
            start(transfer)
        case .abort(let transfer):
            if let entry = active[ObjectIdentifier(transfer)] { remove(entry) }
        case .resume(let transfer):
            active[ObjectIdentifier(transfer)]?.resume()
        }
    }

    private func start(_ transfer: HTTPTransfer) {
        guard !transfer.isFinished else { return }
        guard let handle = spareHandles.popLast() ?? curl_easy_init() else {
            return transfer.abort(HTTPClientError(.transport, "out of memory"))
        }
        let entry = CurlTransfer(transfer, handle: handle) { [unowned self] in withNews.append($0) }
        active[ObjectIdentifier(transfer)] = entry
        do throws(HTTPClientError) {
            try entry.configure(configuration)
        } catch {
            entry.fail(error)
            return remove(entry)
        }
        noteDeadline(of: entry)
        let result = curl_multi_add_handle(multi, handle)
        if result != CURLM_OK {
            entry.fail(HTTPClientError(.transport, String(cString: curl_multi_strerror(result))))
            remove(entry)
        }
    }

    /// Gives the handle back; a transfer that has not ended loses its connection.
    func remove(_ entry: CurlTransfer) {
        guard active.removeValue(forKey: ObjectIdentifier(entry.transfer)) != nil else { return }
        curl_multi_remove_handle(multi, entry.handle)
        curl_easy_reset(entry.handle)
        if spareHandles.count < Self.maximumSpareHandles {
            spareHandles.append(entry.handle)
        } else {
            curl_easy_cleanup(entry.handle)
        }
    }

    /// Takes leave of the transfers that libcurl is done with.
    func reapFinished() {
        var result = CURLE_OK
        while let handle = ccurl_multi_next_finished(multi, &result) {
            var context: UnsafeMutableRawPointer?
            ccurl_get_pointer(handle, CURLINFO_PRIVATE, &context)
            guard let context else { continue }
            let entry = Unmanaged<CurlTransfer>.fromOpaque(context).takeUnretainedValue()
            entry.finished(result)
            remove(entry)
        }
    }

    /// Hands over what has arrived in this turn.
    func publishNews() {
        while !withNews.isEmpty {
            var entries: [CurlTransfer] = []
            swap(&entries, &withNews)
            for entry in entries {
                entry.publish()
                noteDeadline(of: entry)
            }
        }
    }
}
