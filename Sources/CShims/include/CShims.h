// What Swift's Glibc module lacks, one header for each topic.

#ifndef CSHIMS_H
#define CSHIMS_H

#if __has_include("loop.h")
#include "loop.h"
#endif

#if __has_include("curl_setters.h")
#include "curl_setters.h"
#endif

#if __has_include("confined_open.h")
#include "confined_open.h"
#endif

#if __has_include("find_bytes.h")
#include "find_bytes.h"
#endif

#endif
