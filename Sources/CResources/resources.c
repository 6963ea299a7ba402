// The SQL of the schema, the seeds, schemas and the sandbox's Python as bytes of the program (C23 #embed).
// Written by scripts/resources from the folders; not to be edited.

#include "CResources.h"

#if defined(__clang__)
#pragma clang diagnostic ignored "-Wc23-extensions"
#endif

static const unsigned char file1[] = {
#embed "../../migrations/finally.sql"
};
static const unsigned char file2[] = {
#embed "../../migrations/routines/agent_metrics.sql"
};
static const unsigned char file3[] = {
#embed "../../migrations/routines/agent_parts.sql"
};
static const unsigned char file4[] = {
#embed "../../migrations/routines/agentctl_sql.examine.sql"
};
static const unsigned char file5[] = {
#embed "../../migrations/routines/agentctl_sql.guard.sql"
};
static const unsigned char file6[] = {
#embed "../../migrations/routines/agentctl_sql.run.sql"
};
static const unsigned char file7[] = {
#embed "../../migrations/routines/apply_operation.sql"
};
static const unsigned char file8[] = {
#embed "../../migrations/routines/apply_settings.sql"
};
static const unsigned char file9[] = {
#embed "../../migrations/routines/apply_undo.sql"
};
static const unsigned char file10[] = {
#embed "../../migrations/routines/approve.sql"
};
static const unsigned char file11[] = {
#embed "../../migrations/routines/begin_steering.sql"
};
static const unsigned char file12[] = {
#embed "../../migrations/routines/call_function.sql"
};
static const unsigned char file13[] = {
#embed "../../migrations/routines/check_documents.sql"
};
static const unsigned char file14[] = {
#embed "../../migrations/routines/claim.sql"
};
static const unsigned char file15[] = {
#embed "../../migrations/routines/claim_function_calls.sql"
};
static const unsigned char file16[] = {
#embed "../../migrations/routines/comment_definition_views.sql"
};
static const unsigned char file17[] = {
#embed "../../migrations/routines/compact.sql"
};
static const unsigned char file18[] = {
#embed "../../migrations/routines/compaction_source.sql"
};
static const unsigned char file19[] = {
#embed "../../migrations/routines/complete_document.sql"
};
static const unsigned char file20[] = {
#embed "../../migrations/routines/conversation_document_problems.sql"
};
static const unsigned char file21[] = {
#embed "../../migrations/routines/create_partitions.sql"
};
static const unsigned char file22[] = {
#embed "../../migrations/routines/create_partitions_of.sql"
};
static const unsigned char file23[] = {
#embed "../../migrations/routines/decide.sql"
};
static const unsigned char file24[] = {
#embed "../../migrations/routines/definition_changed.sql"
};
static const unsigned char file25[] = {
#embed "../../migrations/routines/definition_keeps_references.sql"
};
static const unsigned char file26[] = {
#embed "../../migrations/routines/definition_version_is_immutable.sql"
};
static const unsigned char file27[] = {
#embed "../../migrations/routines/deny.sql"
};
static const unsigned char file28[] = {
#embed "../../migrations/routines/document_nodes.sql"
};
static const unsigned char file29[] = {
#embed "../../migrations/routines/document_problems.sql"
};
static const unsigned char file30[] = {
#embed "../../migrations/routines/document_rules.sql"
};
static const unsigned char file31[] = {
#embed "../../migrations/routines/edit_distance.sql"
};
static const unsigned char file32[] = {
#embed "../../migrations/routines/error_patterns.sql"
};
static const unsigned char file33[] = {
#embed "../../migrations/routines/events.sql"
};
static const unsigned char file34[] = {
#embed "../../migrations/routines/exchange_consistency_problems.sql"
};
static const unsigned char file35[] = {
#embed "../../migrations/routines/exchange_path.sql"
};
static const unsigned char file36[] = {
#embed "../../migrations/routines/exchange_shape_problems.sql"
};
static const unsigned char file37[] = {
#embed "../../migrations/routines/exchange_versions.sql"
};
static const unsigned char file38[] = {
#embed "../../migrations/routines/export_conversation.sql"
};
static const unsigned char file39[] = {
#embed "../../migrations/routines/export_items.sql"
};
static const unsigned char file40[] = {
#embed "../../migrations/routines/finish.sql"
};
static const unsigned char file41[] = {
#embed "../../migrations/routines/finish_and_claim.sql"
};
static const unsigned char file42[] = {
#embed "../../migrations/routines/finish_function_call.sql"
};
static const unsigned char file43[] = {
#embed "../../migrations/routines/follow.sql"
};
static const unsigned char file44[] = {
#embed "../../migrations/routines/fork.sql"
};
static const unsigned char file45[] = {
#embed "../../migrations/routines/function_metrics.sql"
};
static const unsigned char file46[] = {
#embed "../../migrations/routines/function_result.sql"
};
static const unsigned char file47[] = {
#embed "../../migrations/routines/function_rules.sql"
};
static const unsigned char file48[] = {
#embed "../../migrations/routines/give_to_query_role.sql"
};
static const unsigned char file49[] = {
#embed "../../migrations/routines/grant_roles.sql"
};
static const unsigned char file50[] = {
#embed "../../migrations/routines/guardrail_rules.sql"
};
static const unsigned char file51[] = {
#embed "../../migrations/routines/heartbeat.sql"
};
static const unsigned char file52[] = {
#embed "../../migrations/routines/hold.sql"
};
static const unsigned char file53[] = {
#embed "../../migrations/routines/hold_function_call.sql"
};
static const unsigned char file54[] = {
#embed "../../migrations/routines/import_conversation.sql"
};
static const unsigned char file55[] = {
#embed "../../migrations/routines/insert_function_calls.sql"
};
static const unsigned char file56[] = {
#embed "../../migrations/routines/interrupt.sql"
};
static const unsigned char file57[] = {
#embed "../../migrations/routines/is_time.sql"
};
static const unsigned char file58[] = {
#embed "../../migrations/routines/json_type_name.sql"
};
static const unsigned char file59[] = {
#embed "../../migrations/routines/match_definitions.sql"
};
static const unsigned char file60[] = {
#embed "../../migrations/routines/may_see.sql"
};
static const unsigned char file61[] = {
#embed "../../migrations/routines/may_see_all.sql"
};
static const unsigned char file62[] = {
#embed "../../migrations/routines/model_metrics.sql"
};
static const unsigned char file63[] = {
#embed "../../migrations/routines/nearest.sql"
};
static const unsigned char file64[] = {
#embed "../../migrations/routines/pipeline_problems.sql"
};
static const unsigned char file65[] = {
#embed "../../migrations/routines/policy_rules.sql"
};
static const unsigned char file66[] = {
#embed "../../migrations/routines/publish.sql"
};
static const unsigned char file67[] = {
#embed "../../migrations/routines/raise_unknown.sql"
};
static const unsigned char file68[] = {
#embed "../../migrations/routines/reap.sql"
};
static const unsigned char file69[] = {
#embed "../../migrations/routines/reap_function_calls.sql"
};
static const unsigned char file70[] = {
#embed "../../migrations/routines/recall.sql"
};
static const unsigned char file71[] = {
#embed "../../migrations/routines/record_function_calls.sql"
};
static const unsigned char file72[] = {
#embed "../../migrations/routines/record_security_events.sql"
};
static const unsigned char file73[] = {
#embed "../../migrations/routines/register.sql"
};
static const unsigned char file74[] = {
#embed "../../migrations/routines/register_row.sql"
};
static const unsigned char file75[] = {
#embed "../../migrations/routines/release.sql"
};
static const unsigned char file76[] = {
#embed "../../migrations/routines/release_function_call.sql"
};
static const unsigned char file77[] = {
#embed "../../migrations/routines/reply.sql"
};
static const unsigned char file78[] = {
#embed "../../migrations/routines/request_approvals.sql"
};
static const unsigned char file79[] = {
#embed "../../migrations/routines/require_conversation.sql"
};
static const unsigned char file80[] = {
#embed "../../migrations/routines/require_conversation_id.sql"
};
static const unsigned char file81[] = {
#embed "../../migrations/routines/resolve_busy_conversation.sql"
};
static const unsigned char file82[] = {
#embed "../../migrations/routines/resolve_tool_call.sql"
};
static const unsigned char file83[] = {
#embed "../../migrations/routines/rollback.sql"
};
static const unsigned char file84[] = {
#embed "../../migrations/routines/save_progress.sql"
};
static const unsigned char file85[] = {
#embed "../../migrations/routines/set.sql"
};
static const unsigned char file86[] = {
#embed "../../migrations/routines/shutdown.sql"
};
static const unsigned char file87[] = {
#embed "../../migrations/routines/signals.sql"
};
static const unsigned char file88[] = {
#embed "../../migrations/routines/skip_steered_submissions.sql"
};
static const unsigned char file89[] = {
#embed "../../migrations/routines/standing_approval.sql"
};
static const unsigned char file90[] = {
#embed "../../migrations/routines/start_conversation.sql"
};
static const unsigned char file91[] = {
#embed "../../migrations/routines/start_worker.sql"
};
static const unsigned char file92[] = {
#embed "../../migrations/routines/steer.sql"
};
static const unsigned char file93[] = {
#embed "../../migrations/routines/stop_turn.sql"
};
static const unsigned char file94[] = {
#embed "../../migrations/routines/stop_worker.sql"
};
static const unsigned char file95[] = {
#embed "../../migrations/routines/store_compaction.sql"
};
static const unsigned char file96[] = {
#embed "../../migrations/routines/store_conversation.sql"
};
static const unsigned char file97[] = {
#embed "../../migrations/routines/submit.sql"
};
static const unsigned char file98[] = {
#embed "../../migrations/routines/submit_operation.sql"
};
static const unsigned char file99[] = {
#embed "../../migrations/routines/sweep_deltas.sql"
};
static const unsigned char file100[] = {
#embed "../../migrations/routines/tool_metrics.sql"
};
static const unsigned char file101[] = {
#embed "../../migrations/routines/tool_rules.sql"
};
static const unsigned char file102[] = {
#embed "../../migrations/routines/turn_lower_bound.sql"
};
static const unsigned char file103[] = {
#embed "../../migrations/routines/turn_progress_report.sql"
};
static const unsigned char file104[] = {
#embed "../../migrations/routines/undo.sql"
};
static const unsigned char file105[] = {
#embed "../../migrations/routines/undo_compaction.sql"
};
static const unsigned char file106[] = {
#embed "../../migrations/routines/unregister.sql"
};
static const unsigned char file107[] = {
#embed "../../migrations/routines/wake.sql"
};
static const unsigned char file108[] = {
#embed "../../migrations/routines/write_deltas.sql"
};
static const unsigned char file109[] = {
#embed "../../migrations/routines/write_turn_parts.sql"
};
static const unsigned char file110[] = {
#embed "../../migrations/rows/definition_kind.sql"
};
static const unsigned char file111[] = {
#embed "../../migrations/rows/document_field.sql"
};
static const unsigned char file112[] = {
#embed "../../migrations/rows/exchange.sql"
};
static const unsigned char file113[] = {
#embed "../../migrations/rows/role_grant.sql"
};
static const unsigned char file114[] = {
#embed "../../migrations/rows/setting.sql"
};
static const unsigned char file115[] = {
#embed "../../migrations/tables/0001_installation.sql"
};
static const unsigned char file116[] = {
#embed "../../migrations/tables/0002_definitions.sql"
};
static const unsigned char file117[] = {
#embed "../../migrations/tables/0003_conversations.sql"
};
static const unsigned char file118[] = {
#embed "../../migrations/tables/0004_engine.sql"
};
static const unsigned char file119[] = {
#embed "../../migrations/tables/0005_functions.sql"
};
static const unsigned char file120[] = {
#embed "../../migrations/tables/0006_safety.sql"
};
static const unsigned char file121[] = {
#embed "../../migrations/tables/0007_exchange.sql"
};
static const unsigned char file122[] = {
#embed "../../migrations/tables/0008_event_types.sql"
};
static const unsigned char file123[] = {
#embed "../../migrations/upgrades/from_0015.sql"
};
static const unsigned char file124[] = {
#embed "../../migrations/views/agent_metrics.sql"
};
static const unsigned char file125[] = {
#embed "../../migrations/views/agents.sql"
};
static const unsigned char file126[] = {
#embed "../../migrations/views/calls_in_doubt.sql"
};
static const unsigned char file127[] = {
#embed "../../migrations/views/conversation_history.sql"
};
static const unsigned char file128[] = {
#embed "../../migrations/views/conversations.sql"
};
static const unsigned char file129[] = {
#embed "../../migrations/views/error_patterns.sql"
};
static const unsigned char file130[] = {
#embed "../../migrations/views/function_metrics.sql"
};
static const unsigned char file131[] = {
#embed "../../migrations/views/functions.sql"
};
static const unsigned char file132[] = {
#embed "../../migrations/views/guardrails.sql"
};
static const unsigned char file133[] = {
#embed "../../migrations/views/model_calls.sql"
};
static const unsigned char file134[] = {
#embed "../../migrations/views/model_metrics.sql"
};
static const unsigned char file135[] = {
#embed "../../migrations/views/models.sql"
};
static const unsigned char file136[] = {
#embed "../../migrations/views/pending_approvals.sql"
};
static const unsigned char file137[] = {
#embed "../../migrations/views/policies.sql"
};
static const unsigned char file138[] = {
#embed "../../migrations/views/security_events.sql"
};
static const unsigned char file139[] = {
#embed "../../migrations/views/tool_metrics.sql"
};
static const unsigned char file140[] = {
#embed "../../migrations/views/tools.sql"
};
static const unsigned char file141[] = {
#embed "../../migrations/views/turn_trace.sql"
};
static const unsigned char file142[] = {
#embed "../../migrations/views/worker_status.sql"
};
static const unsigned char file143[] = {
#embed "python/boot.py"
};
static const unsigned char file144[] = {
#embed "python/code_check.py"
};
static const unsigned char file145[] = {
#embed "python/code_runner.py"
};
static const unsigned char file146[] = {
#embed "python/guard.py"
};
static const unsigned char file147[] = {
#embed "python/heap.py"
};
static const unsigned char file148[] = {
#embed "python/kernel.py"
};
static const unsigned char file149[] = {
#embed "python/worker.py"
};
static const unsigned char file150[] = {
#embed "python/zygote.py"
};
static const unsigned char file151[] = {
#embed "schemas/conversation.json"
};
static const unsigned char file152[] = {
#embed "../../seeds/assistant.yaml"
};
static const unsigned char file153[] = {
#embed "../../seeds/workspace.yaml"
};

static const agentctl_resource resources[] = {
    {"migrations/finally.sql", file1, sizeof(file1)},
    {"migrations/routines/agent_metrics.sql", file2, sizeof(file2)},
    {"migrations/routines/agent_parts.sql", file3, sizeof(file3)},
    {"migrations/routines/agentctl_sql.examine.sql", file4, sizeof(file4)},
    {"migrations/routines/agentctl_sql.guard.sql", file5, sizeof(file5)},
    {"migrations/routines/agentctl_sql.run.sql", file6, sizeof(file6)},
    {"migrations/routines/apply_operation.sql", file7, sizeof(file7)},
    {"migrations/routines/apply_settings.sql", file8, sizeof(file8)},
    {"migrations/routines/apply_undo.sql", file9, sizeof(file9)},
    {"migrations/routines/approve.sql", file10, sizeof(file10)},
    {"migrations/routines/begin_steering.sql", file11, sizeof(file11)},
    {"migrations/routines/call_function.sql", file12, sizeof(file12)},
    {"migrations/routines/check_documents.sql", file13, sizeof(file13)},
    {"migrations/routines/claim.sql", file14, sizeof(file14)},
    {"migrations/routines/claim_function_calls.sql", file15, sizeof(file15)},
    {"migrations/routines/comment_definition_views.sql", file16, sizeof(file16)},
    {"migrations/routines/compact.sql", file17, sizeof(file17)},
    {"migrations/routines/compaction_source.sql", file18, sizeof(file18)},
    {"migrations/routines/complete_document.sql", file19, sizeof(file19)},
    {"migrations/routines/conversation_document_problems.sql", file20, sizeof(file20)},
    {"migrations/routines/create_partitions.sql", file21, sizeof(file21)},
    {"migrations/routines/create_partitions_of.sql", file22, sizeof(file22)},
    {"migrations/routines/decide.sql", file23, sizeof(file23)},
    {"migrations/routines/definition_changed.sql", file24, sizeof(file24)},
    {"migrations/routines/definition_keeps_references.sql", file25, sizeof(file25)},
    {"migrations/routines/definition_version_is_immutable.sql", file26, sizeof(file26)},
    {"migrations/routines/deny.sql", file27, sizeof(file27)},
    {"migrations/routines/document_nodes.sql", file28, sizeof(file28)},
    {"migrations/routines/document_problems.sql", file29, sizeof(file29)},
    {"migrations/routines/document_rules.sql", file30, sizeof(file30)},
    {"migrations/routines/edit_distance.sql", file31, sizeof(file31)},
    {"migrations/routines/error_patterns.sql", file32, sizeof(file32)},
    {"migrations/routines/events.sql", file33, sizeof(file33)},
    {"migrations/routines/exchange_consistency_problems.sql", file34, sizeof(file34)},
    {"migrations/routines/exchange_path.sql", file35, sizeof(file35)},
    {"migrations/routines/exchange_shape_problems.sql", file36, sizeof(file36)},
    {"migrations/routines/exchange_versions.sql", file37, sizeof(file37)},
    {"migrations/routines/export_conversation.sql", file38, sizeof(file38)},
    {"migrations/routines/export_items.sql", file39, sizeof(file39)},
    {"migrations/routines/finish.sql", file40, sizeof(file40)},
    {"migrations/routines/finish_and_claim.sql", file41, sizeof(file41)},
    {"migrations/routines/finish_function_call.sql", file42, sizeof(file42)},
    {"migrations/routines/follow.sql", file43, sizeof(file43)},
    {"migrations/routines/fork.sql", file44, sizeof(file44)},
    {"migrations/routines/function_metrics.sql", file45, sizeof(file45)},
    {"migrations/routines/function_result.sql", file46, sizeof(file46)},
    {"migrations/routines/function_rules.sql", file47, sizeof(file47)},
    {"migrations/routines/give_to_query_role.sql", file48, sizeof(file48)},
    {"migrations/routines/grant_roles.sql", file49, sizeof(file49)},
    {"migrations/routines/guardrail_rules.sql", file50, sizeof(file50)},
    {"migrations/routines/heartbeat.sql", file51, sizeof(file51)},
    {"migrations/routines/hold.sql", file52, sizeof(file52)},
    {"migrations/routines/hold_function_call.sql", file53, sizeof(file53)},
    {"migrations/routines/import_conversation.sql", file54, sizeof(file54)},
    {"migrations/routines/insert_function_calls.sql", file55, sizeof(file55)},
    {"migrations/routines/interrupt.sql", file56, sizeof(file56)},
    {"migrations/routines/is_time.sql", file57, sizeof(file57)},
    {"migrations/routines/json_type_name.sql", file58, sizeof(file58)},
    {"migrations/routines/match_definitions.sql", file59, sizeof(file59)},
    {"migrations/routines/may_see.sql", file60, sizeof(file60)},
    {"migrations/routines/may_see_all.sql", file61, sizeof(file61)},
    {"migrations/routines/model_metrics.sql", file62, sizeof(file62)},
    {"migrations/routines/nearest.sql", file63, sizeof(file63)},
    {"migrations/routines/pipeline_problems.sql", file64, sizeof(file64)},
    {"migrations/routines/policy_rules.sql", file65, sizeof(file65)},
    {"migrations/routines/publish.sql", file66, sizeof(file66)},
    {"migrations/routines/raise_unknown.sql", file67, sizeof(file67)},
    {"migrations/routines/reap.sql", file68, sizeof(file68)},
    {"migrations/routines/reap_function_calls.sql", file69, sizeof(file69)},
    {"migrations/routines/recall.sql", file70, sizeof(file70)},
    {"migrations/routines/record_function_calls.sql", file71, sizeof(file71)},
    {"migrations/routines/record_security_events.sql", file72, sizeof(file72)},
    {"migrations/routines/register.sql", file73, sizeof(file73)},
    {"migrations/routines/register_row.sql", file74, sizeof(file74)},
    {"migrations/routines/release.sql", file75, sizeof(file75)},
    {"migrations/routines/release_function_call.sql", file76, sizeof(file76)},
    {"migrations/routines/reply.sql", file77, sizeof(file77)},
    {"migrations/routines/request_approvals.sql", file78, sizeof(file78)},
    {"migrations/routines/require_conversation.sql", file79, sizeof(file79)},
    {"migrations/routines/require_conversation_id.sql", file80, sizeof(file80)},
    {"migrations/routines/resolve_busy_conversation.sql", file81, sizeof(file81)},
    {"migrations/routines/resolve_tool_call.sql", file82, sizeof(file82)},
    {"migrations/routines/rollback.sql", file83, sizeof(file83)},
    {"migrations/routines/save_progress.sql", file84, sizeof(file84)},
    {"migrations/routines/set.sql", file85, sizeof(file85)},
    {"migrations/routines/shutdown.sql", file86, sizeof(file86)},
    {"migrations/routines/signals.sql", file87, sizeof(file87)},
    {"migrations/routines/skip_steered_submissions.sql", file88, sizeof(file88)},
    {"migrations/routines/standing_approval.sql", file89, sizeof(file89)},
    {"migrations/routines/start_conversation.sql", file90, sizeof(file90)},
    {"migrations/routines/start_worker.sql", file91, sizeof(file91)},
    {"migrations/routines/steer.sql", file92, sizeof(file92)},
    {"migrations/routines/stop_turn.sql", file93, sizeof(file93)},
    {"migrations/routines/stop_worker.sql", file94, sizeof(file94)},
    {"migrations/routines/store_compaction.sql", file95, sizeof(file95)},
    {"migrations/routines/store_conversation.sql", file96, sizeof(file96)},
    {"migrations/routines/submit.sql", file97, sizeof(file97)},
    {"migrations/routines/submit_operation.sql", file98, sizeof(file98)},
    {"migrations/routines/sweep_deltas.sql", file99, sizeof(file99)},
    {"migrations/routines/tool_metrics.sql", file100, sizeof(file100)},
    {"migrations/routines/tool_rules.sql", file101, sizeof(file101)},
    {"migrations/routines/turn_lower_bound.sql", file102, sizeof(file102)},
    {"migrations/routines/turn_progress_report.sql", file103, sizeof(file103)},
    {"migrations/routines/undo.sql", file104, sizeof(file104)},
    {"migrations/routines/undo_compaction.sql", file105, sizeof(file105)},
    {"migrations/routines/unregister.sql", file106, sizeof(file106)},
    {"migrations/routines/wake.sql", file107, sizeof(file107)},
    {"migrations/routines/write_deltas.sql", file108, sizeof(file108)},
    {"migrations/routines/write_turn_parts.sql", file109, sizeof(file109)},
    {"migrations/rows/definition_kind.sql", file110, sizeof(file110)},
    {"migrations/rows/document_field.sql", file111, sizeof(file111)},
    {"migrations/rows/exchange.sql", file112, sizeof(file112)},
    {"migrations/rows/role_grant.sql", file113, sizeof(file113)},
    {"migrations/rows/setting.sql", file114, sizeof(file114)},
    {"migrations/tables/0001_installation.sql", file115, sizeof(file115)},
    {"migrations/tables/0002_definitions.sql", file116, sizeof(file116)},
    {"migrations/tables/0003_conversations.sql", file117, sizeof(file117)},
    {"migrations/tables/0004_engine.sql", file118, sizeof(file118)},
    {"migrations/tables/0005_functions.sql", file119, sizeof(file119)},
    {"migrations/tables/0006_safety.sql", file120, sizeof(file120)},
    {"migrations/tables/0007_exchange.sql", file121, sizeof(file121)},
    {"migrations/tables/0008_event_types.sql", file122, sizeof(file122)},
    {"migrations/upgrades/from_0015.sql", file123, sizeof(file123)},
    {"migrations/views/agent_metrics.sql", file124, sizeof(file124)},
    {"migrations/views/agents.sql", file125, sizeof(file125)},
    {"migrations/views/calls_in_doubt.sql", file126, sizeof(file126)},
    {"migrations/views/conversation_history.sql", file127, sizeof(file127)},
    {"migrations/views/conversations.sql", file128, sizeof(file128)},
    {"migrations/views/error_patterns.sql", file129, sizeof(file129)},
    {"migrations/views/function_metrics.sql", file130, sizeof(file130)},
    {"migrations/views/functions.sql", file131, sizeof(file131)},
    {"migrations/views/guardrails.sql", file132, sizeof(file132)},
    {"migrations/views/model_calls.sql", file133, sizeof(file133)},
    {"migrations/views/model_metrics.sql", file134, sizeof(file134)},
    {"migrations/views/models.sql", file135, sizeof(file135)},
    {"migrations/views/pending_approvals.sql", file136, sizeof(file136)},
    {"migrations/views/policies.sql", file137, sizeof(file137)},
    {"migrations/views/security_events.sql", file138, sizeof(file138)},
    {"migrations/views/tool_metrics.sql", file139, sizeof(file139)},
    {"migrations/views/tools.sql", file140, sizeof(file140)},
    {"migrations/views/turn_trace.sql", file141, sizeof(file141)},
    {"migrations/views/worker_status.sql", file142, sizeof(file142)},
    {"python/boot.py", file143, sizeof(file143)},
    {"python/code_check.py", file144, sizeof(file144)},
    {"python/code_runner.py", file145, sizeof(file145)},
    {"python/guard.py", file146, sizeof(file146)},
    {"python/heap.py", file147, sizeof(file147)},
    {"python/kernel.py", file148, sizeof(file148)},
    {"python/worker.py", file149, sizeof(file149)},
    {"python/zygote.py", file150, sizeof(file150)},
    {"schemas/conversation.json", file151, sizeof(file151)},
    {"seeds/assistant.yaml", file152, sizeof(file152)},
    {"seeds/workspace.yaml", file153, sizeof(file153)},
};

size_t agentctl_resource_count(void) { return sizeof(resources) / sizeof(resources[0]); }

agentctl_resource agentctl_resource_at(size_t index) { return resources[index]; }
