#ifndef CCURL_H
#define CCURL_H

#include <curl/curl.h>

/*
 * libcurl's setters and getters are variadic, which Swift cannot call: here is one typed function
 * for each kind of value that is used. They return what libcurl returns.
 */

CURLcode ccurl_set_long(CURL *handle, CURLoption option, long value);
CURLcode ccurl_set_size(CURL *handle, CURLoption option, curl_off_t value);
CURLcode ccurl_set_string(CURL *handle, CURLoption option, const char *value);
CURLcode ccurl_set_pointer(CURL *handle, CURLoption option, void *value);
CURLcode ccurl_set_list(CURL *handle, CURLoption option, struct curl_slist *value);
CURLcode ccurl_set_data_callback(CURL *handle, CURLoption option, curl_write_callback callback);
CURLcode ccurl_set_progress_callback(CURL *handle, curl_xferinfo_callback callback);
CURLcode ccurl_set_prereq_callback(CURL *handle, curl_prereq_callback callback);

/** Programs that this process starts do not inherit the connections. */
CURLcode ccurl_set_unshared_sockets(CURL *handle);

CURLcode ccurl_get_size(CURL *handle, CURLINFO info, curl_off_t *value);
CURLcode ccurl_get_pointer(CURL *handle, CURLINFO info, void **value);

CURLMcode ccurl_multi_set_long(CURLM *multi, CURLMoption option, long value);
CURLMcode ccurl_multi_set_pointer(CURLM *multi, CURLMoption option, void *value);
CURLMcode ccurl_multi_set_socket_callback(CURLM *multi, curl_socket_callback callback);
CURLMcode ccurl_multi_set_timer_callback(CURLM *multi, curl_multi_timer_callback callback);

/* The next transfer that has ended, or NULL; CURLMsg holds a union that Swift reads badly. */
CURL *ccurl_multi_next_finished(CURLM *multi, CURLcode *result);

#endif
