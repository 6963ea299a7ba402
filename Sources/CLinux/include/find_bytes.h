#ifndef CLINUX_FIND_BYTES_H
#define CLINUX_FIND_BYTES_H

#include <stddef.h>

/// Finds the first place of some bytes within others, in a time that grows with their number alone.
///
/// @return The place, or NULL if there is none.
const void *clinux_find_bytes(const void *bytes, size_t count, const void *wanted, size_t wanted_count);

#endif
