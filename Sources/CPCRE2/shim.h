#ifndef AGENTCTL_CPCRE2_SHIM_H
#define AGENTCTL_CPCRE2_SHIM_H

// Swift strings are UTF-8: the library with 8-bit code units.
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#endif
