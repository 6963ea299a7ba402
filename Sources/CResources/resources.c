// The migrations, the seeds, schemas and the sandbox's Python as bytes of the program (C23 #embed). A test compares this list with the folders.

#include "CResources.h"

#if defined(__clang__)
#pragma clang diagnostic ignored "-Wc23-extensions"
#endif

static const unsigned char definitions[] = {
#embed "../../migrations/0001_definitions.sql"
};
static const unsigned char engine[] = {
#embed "../../migrations/0002_engine.sql"
};
static const unsigned char views[] = {
#embed "../../migrations/0003_views.sql"
};
static const unsigned char roles[] = {
#embed "../../migrations/0004_roles.sql"
};
static const unsigned char functions[] = {
#embed "../../migrations/0005_functions.sql"
};
static const unsigned char progress[] = {
#embed "../../migrations/0006_progress.sql"
};
static const unsigned char tools[] = {
#embed "../../migrations/0007_tools.sql"
};
static const unsigned char interrupts[] = {
#embed "../../migrations/0008_interrupts.sql"
};
static const unsigned char operations[] = {
#embed "../../migrations/0009_operations.sql"
};
static const unsigned char approvals[] = {
#embed "../../migrations/0010_approvals.sql"
};
static const unsigned char safety[] = {
#embed "../../migrations/0011_safety.sql"
};
static const unsigned char compaction[] = {
#embed "../../migrations/0012_compaction.sql"
};
static const unsigned char exchange[] = {
#embed "../../migrations/0013_exchange.sql"
};
static const unsigned char guardrails[] = {
#embed "../../migrations/0014_guardrails.sql"
};
static const unsigned char amendments[] = {
#embed "../../migrations/0015_amendments.sql"
};
static const unsigned char assistant[] = {
#embed "../../seeds/assistant.yaml"
};
static const unsigned char workspace[] = {
#embed "../../seeds/workspace.yaml"
};
static const unsigned char python_boot[] = {
#embed "python/boot.py"
};
static const unsigned char python_code_check[] = {
#embed "python/code_check.py"
};
static const unsigned char python_code_runner[] = {
#embed "python/code_runner.py"
};
static const unsigned char python_guard[] = {
#embed "python/guard.py"
};
static const unsigned char python_heap[] = {
#embed "python/heap.py"
};
static const unsigned char python_kernel[] = {
#embed "python/kernel.py"
};
static const unsigned char python_worker[] = {
#embed "python/worker.py"
};
static const unsigned char python_zygote[] = {
#embed "python/zygote.py"
};
static const unsigned char schema_conversation[] = {
#embed "schemas/conversation.json"
};

#define RESOURCE(path, bytes) {path, bytes, sizeof(bytes)}

static const agentctl_resource resources[] = {
    RESOURCE("migrations/0001_definitions.sql", definitions),
    RESOURCE("migrations/0002_engine.sql", engine),
    RESOURCE("migrations/0003_views.sql", views),
    RESOURCE("migrations/0004_roles.sql", roles),
    RESOURCE("migrations/0005_functions.sql", functions),
    RESOURCE("migrations/0006_progress.sql", progress),
    RESOURCE("migrations/0007_tools.sql", tools),
    RESOURCE("migrations/0008_interrupts.sql", interrupts),
    RESOURCE("migrations/0009_operations.sql", operations),
    RESOURCE("migrations/0010_approvals.sql", approvals),
    RESOURCE("migrations/0011_safety.sql", safety),
    RESOURCE("migrations/0012_compaction.sql", compaction),
    RESOURCE("migrations/0013_exchange.sql", exchange),
    RESOURCE("migrations/0014_guardrails.sql", guardrails),
    RESOURCE("migrations/0015_amendments.sql", amendments),
    RESOURCE("python/boot.py", python_boot),
    RESOURCE("python/code_check.py", python_code_check),
    RESOURCE("python/code_runner.py", python_code_runner),
    RESOURCE("python/guard.py", python_guard),
    RESOURCE("python/heap.py", python_heap),
    RESOURCE("python/kernel.py", python_kernel),
    RESOURCE("python/worker.py", python_worker),
    RESOURCE("python/zygote.py", python_zygote),
    RESOURCE("schemas/conversation.json", schema_conversation),
    RESOURCE("seeds/assistant.yaml", assistant),
    RESOURCE("seeds/workspace.yaml", workspace),
};

size_t agentctl_resource_count(void) { return sizeof(resources) / sizeof(resources[0]); }

agentctl_resource agentctl_resource_at(size_t index) { return resources[index]; }
