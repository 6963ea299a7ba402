#ifndef AGENTCTL_RESOURCES_H
#define AGENTCTL_RESOURCES_H

#include <stddef.h>

/// A file that travels inside the program, so that an installed agentctl needs no checkout.
typedef struct {
    /// Path in the repository, as in migrations/0001_definitions.sql.
    const char *_Nonnull path;
    const unsigned char *_Nonnull bytes;
    size_t length;
} agentctl_resource;

/// How many migrations and seeds there are.
size_t agentctl_resource_count(void);

/// The migration or seed at an index below the count, in order of path.
agentctl_resource agentctl_resource_at(size_t index);

#endif
