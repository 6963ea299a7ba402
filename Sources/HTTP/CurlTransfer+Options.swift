internal import CCurl
import HTTPTypes

extension CurlTransfer {
    /// Sets the handle up for the request.
    ///
    /// - Throws: `HTTPClientError` with the code `invalidRequest` if libcurl refuses something, for example a file that
    ///   cannot be used.
    func configure(_ configuration: HTTPClientConfiguration) throws(HTTPClientError) {
        try setConnection(configuration)
        try setProxy(request.address == nil ? request.proxy ?? configuration.proxy : .none)
        try setAddress()
        try setMethodAndBody()
        try setHeaders()
        try setCallbacks()
    }

    private func setConnection(_ configuration: HTTPClientConfiguration) throws(HTTPClientError) {
        try set(CURLOPT_URL, request.url)
        try set(CURLOPT_PROTOCOLS_STR, "http,https")
        try set(CURLOPT_DISALLOW_USERNAME_IN_URL, 1)
        try set(CURLOPT_NOSIGNAL, 1)
        // Without it, ending a transfer waits for the name server.
        try set(CURLOPT_QUICK_EXIT, 1)
        // Refused while a handle that is used again still has the buffer of its last transfer, which will do as well.
        ccurl_set_long(handle, CURLOPT_BUFFERSIZE, 128 << 10)
        try set(CURLOPT_CONNECTTIMEOUT_MS, Self.milliseconds(request.connectTimeout))
        try set(CURLOPT_SSL_VERIFYPEER, 1)
        try set(CURLOPT_SSL_VERIFYHOST, 2)
        try set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        try set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS))
        // Rather wait for an HTTP/2 connection being made than open another one.
        try set(CURLOPT_PIPEWAIT, request.isSecure ? 1 : 0)
        try set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        if let file = configuration.certificateAuthorityFile {
            try set(CURLOPT_CAINFO, file)
            try set(CURLOPT_CAPATH, nil)
        }
        if request.decompresses { try set(CURLOPT_ACCEPT_ENCODING, "") }
    }

    private func setProxy(_ proxy: HTTPProxy) throws(HTTPClientError) {
        // Empty strings, not NULL: those would make libcurl look into the environment.
        try set(CURLOPT_PROXY, (request.isSecure ? proxy.https : proxy.http) ?? "")
        try set(CURLOPT_NOPROXY, proxy.exceptions)
    }

    /// Sends the connection to the request's address, whatever host and port the URL names.
    ///
    /// `CURLOPT_RESOLVE` would do so for every later request to the host as well: the cache of names is shared.
    private func setAddress() throws(HTTPClientError) {
        guard let address = request.address else { return }
        let host = address.isVersion6 ? "[\(address)]" : "\(address)"
        guard let list = curl_slist_append(nil, "::\(host):") else {
            throw HTTPClientError(.transport, "out of memory")
        }
        connectToList = list
        try check(ccurl_set_list(handle, CURLOPT_CONNECT_TO, list))
    }

    private func setMethodAndBody() throws(HTTPClientError) {
        if request.method == .head { return try set(CURLOPT_NOBODY, 1) }
        if request.body != nil || [.post, .put, .patch].contains(request.method) {
            let body = request.body ?? []
            try set(CURLOPT_POST, 1)
            try check(ccurl_set_size(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count)))
            try check(
                body.withUnsafeBytes {
                    ccurl_set_pointer(
                        handle,
                        CURLOPT_COPYPOSTFIELDS,
                        UnsafeMutableRawPointer(mutating: $0.baseAddress ?? UnsafeRawPointer(errorBuffer))
                    )
                }
            )
        } else {
            try set(CURLOPT_HTTPGET, 1)
        }
        try set(CURLOPT_CUSTOMREQUEST, request.method.rawValue)
    }

    private func setHeaders() throws(HTTPClientError) {
        var lines = request.headers.map {
            $0.value.isEmpty ? "\($0.name.rawName);" : "\($0.name.rawName): \($0.value)"
        }
        // libcurl would wait for "100 Continue" before larger bodies, and call every body a form.
        lines.append("Expect:")
        if !request.headers.contains(.contentType) { lines.append("Content-Type:") }
        for line in lines {
            guard let list = curl_slist_append(headerList, line) else {
                throw HTTPClientError(.transport, "out of memory")
            }
            headerList = list
        }
        try check(ccurl_set_list(handle, CURLOPT_HTTPHEADER, headerList))
    }

    private func setCallbacks() throws(HTTPClientError) {
        let context = Unmanaged.passUnretained(self).toOpaque()
        try check(ccurl_set_pointer(handle, CURLOPT_ERRORBUFFER, errorBuffer))
        for option in [
            CURLOPT_PRIVATE, CURLOPT_WRITEDATA, CURLOPT_HEADERDATA, CURLOPT_PREREQDATA, CURLOPT_XFERINFODATA,
        ] {
            try check(ccurl_set_pointer(handle, option, context))
        }
        try check(ccurl_set_data_callback(handle, CURLOPT_WRITEFUNCTION, Self.receiveBody))
        try check(ccurl_set_data_callback(handle, CURLOPT_HEADERFUNCTION, Self.receiveHeadLine))
        try check(ccurl_set_prereq_callback(handle, Self.beforeRequest))
        try check(ccurl_set_progress_callback(handle, Self.noteProgress))
        try set(CURLOPT_NOPROGRESS, 0)
        try check(ccurl_set_unshared_sockets(handle))
    }

    private func set(_ option: CURLoption, _ value: Int) throws(HTTPClientError) {
        try check(ccurl_set_long(handle, option, value))
    }

    private func set(_ option: CURLoption, _ value: String?) throws(HTTPClientError) {
        try check(ccurl_set_string(handle, option, value))
    }

    private func check(_ result: CURLcode) throws(HTTPClientError) {
        guard result == CURLE_OK else {
            let message = String(cString: curl_easy_strerror(result))
            throw HTTPClientError(.invalidRequest, message, curlCode: Int(result.rawValue))
        }
    }

    private static func milliseconds(_ duration: Duration) -> Int {
        let limit = Duration.milliseconds(Int(Int32.max))
        let (seconds, attoseconds) = min(duration, limit).components
        return max(1, Int(seconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000))
    }
}

extension CurlTransfer {
    private static let receiveBody: curl_write_callback = { bytes, size, count, context in
        guard let context else { return 0 }
        let transfer = Unmanaged<CurlTransfer>.fromOpaque(context).takeUnretainedValue()
        let body = UnsafeRawBufferPointer(start: bytes, count: size * count)
        return transfer.received(body: body) ? body.count : 0
    }

    private static let receiveHeadLine: curl_write_callback = { bytes, size, count, context in
        guard let context else { return 0 }
        let transfer = Unmanaged<CurlTransfer>.fromOpaque(context).takeUnretainedValue()
        let line = UnsafeRawBufferPointer(start: bytes, count: size * count)
        return transfer.received(headLine: line) ? line.count : 0
    }

    private static let noteProgress: curl_xferinfo_callback = { context, _, _, _, sent in
        guard let context else { return 0 }
        Unmanaged<CurlTransfer>.fromOpaque(context).takeUnretainedValue().sent(sent)
        return 0
    }

    private static let beforeRequest: curl_prereq_callback = { context, peer, _, _, _ in
        guard let context else { return CURL_PREREQFUNC_ABORT }
        let transfer = Unmanaged<CurlTransfer>.fromOpaque(context).takeUnretainedValue()
        return transfer.requestWillBeSent(to: peer.map { String(cString: $0) } ?? "")
            ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
    }
}

extension HTTPClientRequest {
    /// Whether the URL's scheme is `https`.
    var isSecure: Bool { url.prefix(6).lowercased() == "https:" }
}
