#ifndef CSHIMS_CURL_SETTERS_H
#define CSHIMS_CURL_SETTERS_H

#include <curl/curl.h>

/*
 * libcurl's setters and getters are variadic, which Swift cannot call: here is one typed function
 * for each kind of value that is used. They return what libcurl returns.
 */

CURLcode cshims_curl_set_long(CURL *handle, CURLoption option, long value);
CURLcode cshims_curl_set_size(CURL *handle, CURLoption option, curl_off_t value);
CURLcode cshims_curl_set_string(CURL *handle, CURLoption option, const char *value);
CURLcode cshims_curl_set_pointer(CURL *handle, CURLoption option, void *value);
CURLcode cshims_curl_set_list(CURL *handle, CURLoption option, struct curl_slist *value);
CURLcode cshims_curl_set_data_callback(CURL *handle, CURLoption option, curl_write_callback callback);
CURLcode cshims_curl_set_prereq_callback(CURL *handle, curl_prereq_callback callback);

/** Programs that this process starts do not inherit the connections. */
CURLcode cshims_curl_set_unshared_sockets(CURL *handle);

CURLcode cshims_curl_get_size(CURL *handle, CURLINFO info, curl_off_t *value);
CURLcode cshims_curl_get_pointer(CURL *handle, CURLINFO info, void **value);

CURLMcode cshims_curl_multi_set_long(CURLM *multi, CURLMoption option, long value);
CURLMcode cshims_curl_multi_set_pointer(CURLM *multi, CURLMoption option, void *value);
CURLMcode cshims_curl_multi_set_socket_callback(CURLM *multi, curl_socket_callback callback);
CURLMcode cshims_curl_multi_set_timer_callback(CURLM *multi, curl_multi_timer_callback callback);

/* The next transfer that has ended, or NULL; CURLMsg holds a union that Swift reads badly. */
CURL *cshims_curl_multi_next_finished(CURLM *multi, CURLcode *result);

#endif
