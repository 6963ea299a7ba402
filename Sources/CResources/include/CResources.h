#ifndef AGENTCTL_RESOURCES_H
#define AGENTCTL_RESOURCES_H

#include <stddef.h>

/// A file that travels inside the program, so that an installed agentctl needs no checkout.
typedef struct {
    /// Path in the repository, as in migrations/routines/claim.sql; python/ and schemas/ stand for those in Sources/CResources/.
    const char *_Nonnull path;
    const unsigned char *_Nonnull bytes;
    size_t length;
} agentctl_resource;

/// How many files there are.
size_t agentctl_resource_count(void);

/// The file at an index below the count, in order of path.
agentctl_resource agentctl_resource_at(size_t index);

#endif
