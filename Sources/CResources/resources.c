// The SQL of the schema, the seeds, schemas and the sandbox's Python as bytes of the program (C23 #embed).
// Written by scripts/resources from the folders; not to be edited.

#include "CResources.h"

#if defined(__clang__)
#pragma clang diagnostic ignored "-Wc23-extensions"
#endif

static const unsigned char migrations_finally_sql[] = {
#embed "../../migrations/finally.sql"
};
static const unsigned char migrations_routines_account_key_sql[] = {
#embed "../../migrations/routines/account_key.sql"
};
static const unsigned char migrations_routines_account_name_sql[] = {
#embed "../../migrations/routines/account_name.sql"
};
static const unsigned char migrations_routines_account_sees_all_sql[] = {
#embed "../../migrations/routines/account_sees_all.sql"
};
static const unsigned char migrations_routines_activity_sql[] = {
#embed "../../migrations/routines/activity.sql"
};
static const unsigned char migrations_routines_add_compactions_sql[] = {
#embed "../../migrations/routines/add_compactions.sql"
};
static const unsigned char migrations_routines_add_function_calls_sql[] = {
#embed "../../migrations/routines/add_function_calls.sql"
};
static const unsigned char migrations_routines_add_tasks_sql[] = {
#embed "../../migrations/routines/add_tasks.sql"
};
static const unsigned char migrations_routines_add_turns_sql[] = {
#embed "../../migrations/routines/add_turns.sql"
};
static const unsigned char migrations_routines_add_worked_off_sql[] = {
#embed "../../migrations/routines/add_worked_off.sql"
};
static const unsigned char migrations_routines_agent_metrics_sql[] = {
#embed "../../migrations/routines/agent_metrics.sql"
};
static const unsigned char migrations_routines_agent_metrics_by_sql[] = {
#embed "../../migrations/routines/agent_metrics_by.sql"
};
static const unsigned char migrations_routines_agent_parts_sql[] = {
#embed "../../migrations/routines/agent_parts.sql"
};
static const unsigned char migrations_routines_agentctl_sql_examine_sql[] = {
#embed "../../migrations/routines/agentctl_sql.examine.sql"
};
static const unsigned char migrations_routines_agentctl_sql_guard_sql[] = {
#embed "../../migrations/routines/agentctl_sql.guard.sql"
};
static const unsigned char migrations_routines_agentctl_sql_run_sql[] = {
#embed "../../migrations/routines/agentctl_sql.run.sql"
};
static const unsigned char migrations_routines_apply_operation_sql[] = {
#embed "../../migrations/routines/apply_operation.sql"
};
static const unsigned char migrations_routines_apply_redo_sql[] = {
#embed "../../migrations/routines/apply_redo.sql"
};
static const unsigned char migrations_routines_apply_settings_sql[] = {
#embed "../../migrations/routines/apply_settings.sql"
};
static const unsigned char migrations_routines_apply_undo_sql[] = {
#embed "../../migrations/routines/apply_undo.sql"
};
static const unsigned char migrations_routines_approve_sql[] = {
#embed "../../migrations/routines/approve.sql"
};
static const unsigned char migrations_routines_approve_plan_sql[] = {
#embed "../../migrations/routines/approve_plan.sql"
};
static const unsigned char migrations_routines_begin_probe_sql[] = {
#embed "../../migrations/routines/begin_probe.sql"
};
static const unsigned char migrations_routines_begin_schedule_run_sql[] = {
#embed "../../migrations/routines/begin_schedule_run.sql"
};
static const unsigned char migrations_routines_begin_steering_sql[] = {
#embed "../../migrations/routines/begin_steering.sql"
};
static const unsigned char migrations_routines_begin_tasks_sql[] = {
#embed "../../migrations/routines/begin_tasks.sql"
};
static const unsigned char migrations_routines_bind_accounts_sql[] = {
#embed "../../migrations/routines/bind_accounts.sql"
};
static const unsigned char migrations_routines_block_rules_sql[] = {
#embed "../../migrations/routines/block_rules.sql"
};
static const unsigned char migrations_routines_blocks_of_sql[] = {
#embed "../../migrations/routines/blocks_of.sql"
};
static const unsigned char migrations_routines_budget_left_sql[] = {
#embed "../../migrations/routines/budget_left.sql"
};
static const unsigned char migrations_routines_bury_deliveries_sql[] = {
#embed "../../migrations/routines/bury_deliveries.sql"
};
static const unsigned char migrations_routines_bury_memories_sql[] = {
#embed "../../migrations/routines/bury_memories.sql"
};
static const unsigned char migrations_routines_call_function_sql[] = {
#embed "../../migrations/routines/call_function.sql"
};
static const unsigned char migrations_routines_caller_sql[] = {
#embed "../../migrations/routines/caller.sql"
};
static const unsigned char migrations_routines_cancel_message_sql[] = {
#embed "../../migrations/routines/cancel_message.sql"
};
static const unsigned char migrations_routines_cancel_task_sql[] = {
#embed "../../migrations/routines/cancel_task.sql"
};
static const unsigned char migrations_routines_chain_condition_sql[] = {
#embed "../../migrations/routines/chain_condition.sql"
};
static const unsigned char migrations_routines_chain_depth_sql[] = {
#embed "../../migrations/routines/chain_depth.sql"
};
static const unsigned char migrations_routines_chain_document_sql[] = {
#embed "../../migrations/routines/chain_document.sql"
};
static const unsigned char migrations_routines_chain_dot_sql[] = {
#embed "../../migrations/routines/chain_dot.sql"
};
static const unsigned char migrations_routines_chain_graph_sql[] = {
#embed "../../migrations/routines/chain_graph.sql"
};
static const unsigned char migrations_routines_chain_graph_problems_sql[] = {
#embed "../../migrations/routines/chain_graph_problems.sql"
};
static const unsigned char migrations_routines_chain_input_sql[] = {
#embed "../../migrations/routines/chain_input.sql"
};
static const unsigned char migrations_routines_chain_lanes_sql[] = {
#embed "../../migrations/routines/chain_lanes.sql"
};
static const unsigned char migrations_routines_chain_mermaid_sql[] = {
#embed "../../migrations/routines/chain_mermaid.sql"
};
static const unsigned char migrations_routines_chain_nesting_problems_sql[] = {
#embed "../../migrations/routines/chain_nesting_problems.sql"
};
static const unsigned char migrations_routines_chain_node_words_sql[] = {
#embed "../../migrations/routines/chain_node_words.sql"
};
static const unsigned char migrations_routines_chain_parts_sql[] = {
#embed "../../migrations/routines/chain_parts.sql"
};
static const unsigned char migrations_routines_chain_problems_sql[] = {
#embed "../../migrations/routines/chain_problems.sql"
};
static const unsigned char migrations_routines_chain_references_sql[] = {
#embed "../../migrations/routines/chain_references.sql"
};
static const unsigned char migrations_routines_chain_relation_rules_sql[] = {
#embed "../../migrations/routines/chain_relation_rules.sql"
};
static const unsigned char migrations_routines_chain_relations_sql[] = {
#embed "../../migrations/routines/chain_relations.sql"
};
static const unsigned char migrations_routines_chain_result_sql[] = {
#embed "../../migrations/routines/chain_result.sql"
};
static const unsigned char migrations_routines_chain_rules_sql[] = {
#embed "../../migrations/routines/chain_rules.sql"
};
static const unsigned char migrations_routines_chain_state_sql[] = {
#embed "../../migrations/routines/chain_state.sql"
};
static const unsigned char migrations_routines_chain_state_problems_sql[] = {
#embed "../../migrations/routines/chain_state_problems.sql"
};
static const unsigned char migrations_routines_chain_structure_sql[] = {
#embed "../../migrations/routines/chain_structure.sql"
};
static const unsigned char migrations_routines_chain_template_problems_sql[] = {
#embed "../../migrations/routines/chain_template_problems.sql"
};
static const unsigned char migrations_routines_chain_text_sql[] = {
#embed "../../migrations/routines/chain_text.sql"
};
static const unsigned char migrations_routines_chain_type_problems_sql[] = {
#embed "../../migrations/routines/chain_type_problems.sql"
};
static const unsigned char migrations_routines_chain_ways_sql[] = {
#embed "../../migrations/routines/chain_ways.sql"
};
static const unsigned char migrations_routines_change_block_sql[] = {
#embed "../../migrations/routines/change_block.sql"
};
static const unsigned char migrations_routines_change_plan_steps_sql[] = {
#embed "../../migrations/routines/change_plan_steps.sql"
};
static const unsigned char migrations_routines_check_conversation_settings_sql[] = {
#embed "../../migrations/routines/check_conversation_settings.sql"
};
static const unsigned char migrations_routines_check_dependencies_sql[] = {
#embed "../../migrations/routines/check_dependencies.sql"
};
static const unsigned char migrations_routines_check_documents_sql[] = {
#embed "../../migrations/routines/check_documents.sql"
};
static const unsigned char migrations_routines_check_memory_sql[] = {
#embed "../../migrations/routines/check_memory.sql"
};
static const unsigned char migrations_routines_check_named_setting_sql[] = {
#embed "../../migrations/routines/check_named_setting.sql"
};
static const unsigned char migrations_routines_check_queue_sql[] = {
#embed "../../migrations/routines/check_queue.sql"
};
static const unsigned char migrations_routines_check_setting_sql[] = {
#embed "../../migrations/routines/check_setting.sql"
};
static const unsigned char migrations_routines_check_task_sql[] = {
#embed "../../migrations/routines/check_task.sql"
};
static const unsigned char migrations_routines_choose_agent_sql[] = {
#embed "../../migrations/routines/choose_agent.sql"
};
static const unsigned char migrations_routines_choose_task_agent_sql[] = {
#embed "../../migrations/routines/choose_task_agent.sql"
};
static const unsigned char migrations_routines_claim_sql[] = {
#embed "../../migrations/routines/claim.sql"
};
static const unsigned char migrations_routines_claim_deliveries_sql[] = {
#embed "../../migrations/routines/claim_deliveries.sql"
};
static const unsigned char migrations_routines_claim_function_calls_sql[] = {
#embed "../../migrations/routines/claim_function_calls.sql"
};
static const unsigned char migrations_routines_clear_memories_sql[] = {
#embed "../../migrations/routines/clear_memories.sql"
};
static const unsigned char migrations_routines_clock_change_sql[] = {
#embed "../../migrations/routines/clock_change.sql"
};
static const unsigned char migrations_routines_close_endpoint_sql[] = {
#embed "../../migrations/routines/close_endpoint.sql"
};
static const unsigned char migrations_routines_close_schedule_runs_sql[] = {
#embed "../../migrations/routines/close_schedule_runs.sql"
};
static const unsigned char migrations_routines_comment_definition_views_sql[] = {
#embed "../../migrations/routines/comment_definition_views.sql"
};
static const unsigned char migrations_routines_compact_sql[] = {
#embed "../../migrations/routines/compact.sql"
};
static const unsigned char migrations_routines_compaction_source_sql[] = {
#embed "../../migrations/routines/compaction_source.sql"
};
static const unsigned char migrations_routines_compile_chain_sql[] = {
#embed "../../migrations/routines/compile_chain.sql"
};
static const unsigned char migrations_routines_compile_chain_version_sql[] = {
#embed "../../migrations/routines/compile_chain_version.sql"
};
static const unsigned char migrations_routines_complete_document_sql[] = {
#embed "../../migrations/routines/complete_document.sql"
};
static const unsigned char migrations_routines_conversation_document_problems_sql[] = {
#embed "../../migrations/routines/conversation_document_problems.sql"
};
static const unsigned char migrations_routines_conversation_family_sql[] = {
#embed "../../migrations/routines/conversation_family.sql"
};
static const unsigned char migrations_routines_conversation_id_sql[] = {
#embed "../../migrations/routines/conversation_id.sql"
};
static const unsigned char migrations_routines_conversation_id_problem_sql[] = {
#embed "../../migrations/routines/conversation_id_problem.sql"
};
static const unsigned char migrations_routines_conversation_position_sql[] = {
#embed "../../migrations/routines/conversation_position.sql"
};
static const unsigned char migrations_routines_conversation_queued_sql[] = {
#embed "../../migrations/routines/conversation_queued.sql"
};
static const unsigned char migrations_routines_conversations_held_sql[] = {
#embed "../../migrations/routines/conversations_held.sql"
};
static const unsigned char migrations_routines_count_ballots_sql[] = {
#embed "../../migrations/routines/count_ballots.sql"
};
static const unsigned char migrations_routines_count_memories_sql[] = {
#embed "../../migrations/routines/count_memories.sql"
};
static const unsigned char migrations_routines_create_partitions_sql[] = {
#embed "../../migrations/routines/create_partitions.sql"
};
static const unsigned char migrations_routines_create_partitions_of_sql[] = {
#embed "../../migrations/routines/create_partitions_of.sql"
};
static const unsigned char migrations_routines_cron_field_sql[] = {
#embed "../../migrations/routines/cron_field.sql"
};
static const unsigned char migrations_routines_cron_fields_sql[] = {
#embed "../../migrations/routines/cron_fields.sql"
};
static const unsigned char migrations_routines_cron_matches_sql[] = {
#embed "../../migrations/routines/cron_matches.sql"
};
static const unsigned char migrations_routines_decide_sql[] = {
#embed "../../migrations/routines/decide.sql"
};
static const unsigned char migrations_routines_definition_access_sql[] = {
#embed "../../migrations/routines/definition_access.sql"
};
static const unsigned char migrations_routines_definition_changed_sql[] = {
#embed "../../migrations/routines/definition_changed.sql"
};
static const unsigned char migrations_routines_definition_history_sql[] = {
#embed "../../migrations/routines/definition_history.sql"
};
static const unsigned char migrations_routines_definition_keeps_references_sql[] = {
#embed "../../migrations/routines/definition_keeps_references.sql"
};
static const unsigned char migrations_routines_definition_queued_sql[] = {
#embed "../../migrations/routines/definition_queued.sql"
};
static const unsigned char migrations_routines_definition_routed_sql[] = {
#embed "../../migrations/routines/definition_routed.sql"
};
static const unsigned char migrations_routines_definition_version_is_immutable_sql[] = {
#embed "../../migrations/routines/definition_version_is_immutable.sql"
};
static const unsigned char migrations_routines_delete_conversation_sql[] = {
#embed "../../migrations/routines/delete_conversation.sql"
};
static const unsigned char migrations_routines_delete_user_sql[] = {
#embed "../../migrations/routines/delete_user.sql"
};
static const unsigned char migrations_routines_deny_sql[] = {
#embed "../../migrations/routines/deny.sql"
};
static const unsigned char migrations_routines_document_nodes_sql[] = {
#embed "../../migrations/routines/document_nodes.sql"
};
static const unsigned char migrations_routines_document_problems_sql[] = {
#embed "../../migrations/routines/document_problems.sql"
};
static const unsigned char migrations_routines_document_rules_sql[] = {
#embed "../../migrations/routines/document_rules.sql"
};
static const unsigned char migrations_routines_drop_partitions_sql[] = {
#embed "../../migrations/routines/drop_partitions.sql"
};
static const unsigned char migrations_routines_edit_block_sql[] = {
#embed "../../migrations/routines/edit_block.sql"
};
static const unsigned char migrations_routines_edit_block_of_turn_sql[] = {
#embed "../../migrations/routines/edit_block_of_turn.sql"
};
static const unsigned char migrations_routines_edit_distance_sql[] = {
#embed "../../migrations/routines/edit_distance.sql"
};
static const unsigned char migrations_routines_edit_plan_sql[] = {
#embed "../../migrations/routines/edit_plan.sql"
};
static const unsigned char migrations_routines_end_probe_sql[] = {
#embed "../../migrations/routines/end_probe.sql"
};
static const unsigned char migrations_routines_endpoint_breaker_sql[] = {
#embed "../../migrations/routines/endpoint_breaker.sql"
};
static const unsigned char migrations_routines_endpoint_rules_sql[] = {
#embed "../../migrations/routines/endpoint_rules.sql"
};
static const unsigned char migrations_routines_endpoint_wait_sql[] = {
#embed "../../migrations/routines/endpoint_wait.sql"
};
static const unsigned char migrations_routines_erase_conversations_sql[] = {
#embed "../../migrations/routines/erase_conversations.sql"
};
static const unsigned char migrations_routines_erase_user_sql[] = {
#embed "../../migrations/routines/erase_user.sql"
};
static const unsigned char migrations_routines_error_patterns_sql[] = {
#embed "../../migrations/routines/error_patterns.sql"
};
static const unsigned char migrations_routines_error_patterns_by_sql[] = {
#embed "../../migrations/routines/error_patterns_by.sql"
};
static const unsigned char migrations_routines_evaluate_memories_sql[] = {
#embed "../../migrations/routines/evaluate_memories.sql"
};
static const unsigned char migrations_routines_event_data_sql[] = {
#embed "../../migrations/routines/event_data.sql"
};
static const unsigned char migrations_routines_events_sql[] = {
#embed "../../migrations/routines/events.sql"
};
static const unsigned char migrations_routines_exchange_consistency_problems_sql[] = {
#embed "../../migrations/routines/exchange_consistency_problems.sql"
};
static const unsigned char migrations_routines_exchange_path_sql[] = {
#embed "../../migrations/routines/exchange_path.sql"
};
static const unsigned char migrations_routines_exchange_run_problems_sql[] = {
#embed "../../migrations/routines/exchange_run_problems.sql"
};
static const unsigned char migrations_routines_exchange_shape_problems_sql[] = {
#embed "../../migrations/routines/exchange_shape_problems.sql"
};
static const unsigned char migrations_routines_exchange_versions_sql[] = {
#embed "../../migrations/routines/exchange_versions.sql"
};
static const unsigned char migrations_routines_expire_memories_sql[] = {
#embed "../../migrations/routines/expire_memories.sql"
};
static const unsigned char migrations_routines_export_conversation_sql[] = {
#embed "../../migrations/routines/export_conversation.sql"
};
static const unsigned char migrations_routines_export_items_sql[] = {
#embed "../../migrations/routines/export_items.sql"
};
static const unsigned char migrations_routines_export_run_items_sql[] = {
#embed "../../migrations/routines/export_run_items.sql"
};
static const unsigned char migrations_routines_export_user_sql[] = {
#embed "../../migrations/routines/export_user.sql"
};
static const unsigned char migrations_routines_find_memories_sql[] = {
#embed "../../migrations/routines/find_memories.sql"
};
static const unsigned char migrations_routines_finish_sql[] = {
#embed "../../migrations/routines/finish.sql"
};
static const unsigned char migrations_routines_finish_and_claim_sql[] = {
#embed "../../migrations/routines/finish_and_claim.sql"
};
static const unsigned char migrations_routines_finish_and_step_sql[] = {
#embed "../../migrations/routines/finish_and_step.sql"
};
static const unsigned char migrations_routines_finish_delivery_sql[] = {
#embed "../../migrations/routines/finish_delivery.sql"
};
static const unsigned char migrations_routines_finish_function_call_sql[] = {
#embed "../../migrations/routines/finish_function_call.sql"
};
static const unsigned char migrations_routines_finish_turns_sql[] = {
#embed "../../migrations/routines/finish_turns.sql"
};
static const unsigned char migrations_routines_follow_sql[] = {
#embed "../../migrations/routines/follow.sql"
};
static const unsigned char migrations_routines_forget_sql[] = {
#embed "../../migrations/routines/forget.sql"
};
static const unsigned char migrations_routines_forget_in_turn_sql[] = {
#embed "../../migrations/routines/forget_in_turn.sql"
};
static const unsigned char migrations_routines_fork_sql[] = {
#embed "../../migrations/routines/fork.sql"
};
static const unsigned char migrations_routines_function_counts_sql[] = {
#embed "../../migrations/routines/function_counts.sql"
};
static const unsigned char migrations_routines_function_metrics_sql[] = {
#embed "../../migrations/routines/function_metrics.sql"
};
static const unsigned char migrations_routines_function_metrics_by_sql[] = {
#embed "../../migrations/routines/function_metrics_by.sql"
};
static const unsigned char migrations_routines_function_result_sql[] = {
#embed "../../migrations/routines/function_result.sql"
};
static const unsigned char migrations_routines_function_rules_sql[] = {
#embed "../../migrations/routines/function_rules.sql"
};
static const unsigned char migrations_routines_give_to_query_role_sql[] = {
#embed "../../migrations/routines/give_to_query_role.sql"
};
static const unsigned char migrations_routines_give_to_schema_role_sql[] = {
#embed "../../migrations/routines/give_to_schema_role.sql"
};
static const unsigned char migrations_routines_give_up_sql[] = {
#embed "../../migrations/routines/give_up.sql"
};
static const unsigned char migrations_routines_grant_conversation_sql[] = {
#embed "../../migrations/routines/grant_conversation.sql"
};
static const unsigned char migrations_routines_grant_hint_sql[] = {
#embed "../../migrations/routines/grant_hint.sql"
};
static const unsigned char migrations_routines_grant_roles_sql[] = {
#embed "../../migrations/routines/grant_roles.sql"
};
static const unsigned char migrations_routines_grant_use_sql[] = {
#embed "../../migrations/routines/grant_use.sql"
};
static const unsigned char migrations_routines_grantable_conversation_sql[] = {
#embed "../../migrations/routines/grantable_conversation.sql"
};
static const unsigned char migrations_routines_granted_names_sql[] = {
#embed "../../migrations/routines/granted_names.sql"
};
static const unsigned char migrations_routines_guardrail_rules_sql[] = {
#embed "../../migrations/routines/guardrail_rules.sql"
};
static const unsigned char migrations_routines_has_read_outside_sql[] = {
#embed "../../migrations/routines/has_read_outside.sql"
};
static const unsigned char migrations_routines_has_service_sql[] = {
#embed "../../migrations/routines/has_service.sql"
};
static const unsigned char migrations_routines_heartbeat_sql[] = {
#embed "../../migrations/routines/heartbeat.sql"
};
static const unsigned char migrations_routines_hold_sql[] = {
#embed "../../migrations/routines/hold.sql"
};
static const unsigned char migrations_routines_holds_role_sql[] = {
#embed "../../migrations/routines/holds_role.sql"
};
static const unsigned char migrations_routines_hook_changed_sql[] = {
#embed "../../migrations/routines/hook_changed.sql"
};
static const unsigned char migrations_routines_hook_rules_sql[] = {
#embed "../../migrations/routines/hook_rules.sql"
};
static const unsigned char migrations_routines_import_conversation_sql[] = {
#embed "../../migrations/routines/import_conversation.sql"
};
static const unsigned char migrations_routines_import_memories_sql[] = {
#embed "../../migrations/routines/import_memories.sql"
};
static const unsigned char migrations_routines_index_routes_sql[] = {
#embed "../../migrations/routines/index_routes.sql"
};
static const unsigned char migrations_routines_insert_function_calls_sql[] = {
#embed "../../migrations/routines/insert_function_calls.sql"
};
static const unsigned char migrations_routines_insert_task_row_sql[] = {
#embed "../../migrations/routines/insert_task_row.sql"
};
static const unsigned char migrations_routines_insert_tasks_sql[] = {
#embed "../../migrations/routines/insert_tasks.sql"
};
static const unsigned char migrations_routines_interrupt_sql[] = {
#embed "../../migrations/routines/interrupt.sql"
};
static const unsigned char migrations_routines_is_at_rest_sql[] = {
#embed "../../migrations/routines/is_at_rest.sql"
};
static const unsigned char migrations_routines_is_dropped_sql[] = {
#embed "../../migrations/routines/is_dropped.sql"
};
static const unsigned char migrations_routines_is_due_sql[] = {
#embed "../../migrations/routines/is_due.sql"
};
static const unsigned char migrations_routines_is_granted_conversation_sql[] = {
#embed "../../migrations/routines/is_granted_conversation.sql"
};
static const unsigned char migrations_routines_is_locked_sql[] = {
#embed "../../migrations/routines/is_locked.sql"
};
static const unsigned char migrations_routines_is_owner_sql[] = {
#embed "../../migrations/routines/is_owner.sql"
};
static const unsigned char migrations_routines_is_plan_over_sql[] = {
#embed "../../migrations/routines/is_plan_over.sql"
};
static const unsigned char migrations_routines_is_pruned_sql[] = {
#embed "../../migrations/routines/is_pruned.sql"
};
static const unsigned char migrations_routines_is_time_sql[] = {
#embed "../../migrations/routines/is_time.sql"
};
static const unsigned char migrations_routines_json_type_name_sql[] = {
#embed "../../migrations/routines/json_type_name.sql"
};
static const unsigned char migrations_routines_keep_account_sql[] = {
#embed "../../migrations/routines/keep_account.sql"
};
static const unsigned char migrations_routines_keep_block_sql[] = {
#embed "../../migrations/routines/keep_block.sql"
};
static const unsigned char migrations_routines_keep_queue_sql[] = {
#embed "../../migrations/routines/keep_queue.sql"
};
static const unsigned char migrations_routines_keep_retention_sql[] = {
#embed "../../migrations/routines/keep_retention.sql"
};
static const unsigned char migrations_routines_keep_scope_sql[] = {
#embed "../../migrations/routines/keep_scope.sql"
};
static const unsigned char migrations_routines_last_due_sql[] = {
#embed "../../migrations/routines/last_due.sql"
};
static const unsigned char migrations_routines_latency_percentiles_sql[] = {
#embed "../../migrations/routines/latency_percentiles.sql"
};
static const unsigned char migrations_routines_list_approvals_sql[] = {
#embed "../../migrations/routines/list_approvals.sql"
};
static const unsigned char migrations_routines_list_conversations_sql[] = {
#embed "../../migrations/routines/list_conversations.sql"
};
static const unsigned char migrations_routines_list_work_sql[] = {
#embed "../../migrations/routines/list_work.sql"
};
static const unsigned char migrations_routines_lock_conversation_sql[] = {
#embed "../../migrations/routines/lock_conversation.sql"
};
static const unsigned char migrations_routines_lock_family_sql[] = {
#embed "../../migrations/routines/lock_family.sql"
};
static const unsigned char migrations_routines_lock_holder_sql[] = {
#embed "../../migrations/routines/lock_holder.sql"
};
static const unsigned char migrations_routines_lock_next_sql[] = {
#embed "../../migrations/routines/lock_next.sql"
};
static const unsigned char migrations_routines_lock_ready_sql[] = {
#embed "../../migrations/routines/lock_ready.sql"
};
static const unsigned char migrations_routines_lock_submissions_sql[] = {
#embed "../../migrations/routines/lock_submissions.sql"
};
static const unsigned char migrations_routines_make_operator_sql[] = {
#embed "../../migrations/routines/make_operator.sql"
};
static const unsigned char migrations_routines_match_definitions_sql[] = {
#embed "../../migrations/routines/match_definitions.sql"
};
static const unsigned char migrations_routines_may_be_asked_sql[] = {
#embed "../../migrations/routines/may_be_asked.sql"
};
static const unsigned char migrations_routines_may_decide_sql[] = {
#embed "../../migrations/routines/may_decide.sql"
};
static const unsigned char migrations_routines_may_read_all_sql[] = {
#embed "../../migrations/routines/may_read_all.sql"
};
static const unsigned char migrations_routines_may_resolve_sql[] = {
#embed "../../migrations/routines/may_resolve.sql"
};
static const unsigned char migrations_routines_may_see_sql[] = {
#embed "../../migrations/routines/may_see.sql"
};
static const unsigned char migrations_routines_may_see_all_sql[] = {
#embed "../../migrations/routines/may_see_all.sql"
};
static const unsigned char migrations_routines_may_use_sql[] = {
#embed "../../migrations/routines/may_use.sql"
};
static const unsigned char migrations_routines_memory_hash_sql[] = {
#embed "../../migrations/routines/memory_hash.sql"
};
static const unsigned char migrations_routines_memory_terms_sql[] = {
#embed "../../migrations/routines/memory_terms.sql"
};
static const unsigned char migrations_routines_memory_words_sql[] = {
#embed "../../migrations/routines/memory_words.sql"
};
static const unsigned char migrations_routines_message_changed_sql[] = {
#embed "../../migrations/routines/message_changed.sql"
};
static const unsigned char migrations_routines_metric_bounds_sql[] = {
#embed "../../migrations/routines/metric_bounds.sql"
};
static const unsigned char migrations_routines_metric_periods_sql[] = {
#embed "../../migrations/routines/metric_periods.sql"
};
static const unsigned char migrations_routines_metric_pieces_sql[] = {
#embed "../../migrations/routines/metric_pieces.sql"
};
static const unsigned char migrations_routines_model_counts_sql[] = {
#embed "../../migrations/routines/model_counts.sql"
};
static const unsigned char migrations_routines_model_metrics_sql[] = {
#embed "../../migrations/routines/model_metrics.sql"
};
static const unsigned char migrations_routines_model_metrics_by_sql[] = {
#embed "../../migrations/routines/model_metrics_by.sql"
};
static const unsigned char migrations_routines_near_by_meaning_sql[] = {
#embed "../../migrations/routines/near_by_meaning.sql"
};
static const unsigned char migrations_routines_near_by_words_sql[] = {
#embed "../../migrations/routines/near_by_words.sql"
};
static const unsigned char migrations_routines_nearest_sql[] = {
#embed "../../migrations/routines/nearest.sql"
};
static const unsigned char migrations_routines_nearest_time_zones_sql[] = {
#embed "../../migrations/routines/nearest_time_zones.sql"
};
static const unsigned char migrations_routines_need_words_sql[] = {
#embed "../../migrations/routines/need_words.sql"
};
static const unsigned char migrations_routines_next_due_sql[] = {
#embed "../../migrations/routines/next_due.sql"
};
static const unsigned char migrations_routines_next_time_sql[] = {
#embed "../../migrations/routines/next_time.sql"
};
static const unsigned char migrations_routines_normal_answer_sql[] = {
#embed "../../migrations/routines/normal_answer.sql"
};
static const unsigned char migrations_routines_notify_workers_sql[] = {
#embed "../../migrations/routines/notify_workers.sql"
};
static const unsigned char migrations_routines_open_endpoint_sql[] = {
#embed "../../migrations/routines/open_endpoint.sql"
};
static const unsigned char migrations_routines_open_endpoints_sql[] = {
#embed "../../migrations/routines/open_endpoints.sql"
};
static const unsigned char migrations_routines_open_work_sql[] = {
#embed "../../migrations/routines/open_work.sql"
};
static const unsigned char migrations_routines_own_conversation_sql[] = {
#embed "../../migrations/routines/own_conversation.sql"
};
static const unsigned char migrations_routines_park_and_claim_sql[] = {
#embed "../../migrations/routines/park_and_claim.sql"
};
static const unsigned char migrations_routines_partitions_sql[] = {
#embed "../../migrations/routines/partitions.sql"
};
static const unsigned char migrations_routines_pause_schedule_sql[] = {
#embed "../../migrations/routines/pause_schedule.sql"
};
static const unsigned char migrations_routines_pipeline_problems_sql[] = {
#embed "../../migrations/routines/pipeline_problems.sql"
};
static const unsigned char migrations_routines_place_tasks_sql[] = {
#embed "../../migrations/routines/place_tasks.sql"
};
static const unsigned char migrations_routines_place_tasks_of_sql[] = {
#embed "../../migrations/routines/place_tasks_of.sql"
};
static const unsigned char migrations_routines_plan_agent_problems_sql[] = {
#embed "../../migrations/routines/plan_agent_problems.sql"
};
static const unsigned char migrations_routines_plan_problems_sql[] = {
#embed "../../migrations/routines/plan_problems.sql"
};
static const unsigned char migrations_routines_plan_schema_sql[] = {
#embed "../../migrations/routines/plan_schema.sql"
};
static const unsigned char migrations_routines_plan_step_list_sql[] = {
#embed "../../migrations/routines/plan_step_list.sql"
};
static const unsigned char migrations_routines_plan_step_problems_sql[] = {
#embed "../../migrations/routines/plan_step_problems.sql"
};
static const unsigned char migrations_routines_plan_summary_sql[] = {
#embed "../../migrations/routines/plan_summary.sql"
};
static const unsigned char migrations_routines_policies_naming_sql[] = {
#embed "../../migrations/routines/policies_naming.sql"
};
static const unsigned char migrations_routines_policy_argument_problems_sql[] = {
#embed "../../migrations/routines/policy_argument_problems.sql"
};
static const unsigned char migrations_routines_policy_problems_sql[] = {
#embed "../../migrations/routines/policy_problems.sql"
};
static const unsigned char migrations_routines_policy_rules_sql[] = {
#embed "../../migrations/routines/policy_rules.sql"
};
static const unsigned char migrations_routines_postpone_sql[] = {
#embed "../../migrations/routines/postpone.sql"
};
static const unsigned char migrations_routines_prune_sql[] = {
#embed "../../migrations/routines/prune.sql"
};
static const unsigned char migrations_routines_prune_conversations_sql[] = {
#embed "../../migrations/routines/prune_conversations.sql"
};
static const unsigned char migrations_routines_prune_records_sql[] = {
#embed "../../migrations/routines/prune_records.sql"
};
static const unsigned char migrations_routines_prune_time_sql[] = {
#embed "../../migrations/routines/prune_time.sql"
};
static const unsigned char migrations_routines_publish_sql[] = {
#embed "../../migrations/routines/publish.sql"
};
static const unsigned char migrations_routines_question_terms_sql[] = {
#embed "../../migrations/routines/question_terms.sql"
};
static const unsigned char migrations_routines_queue_embedding_sql[] = {
#embed "../../migrations/routines/queue_embedding.sql"
};
static const unsigned char migrations_routines_queue_for_sql[] = {
#embed "../../migrations/routines/queue_for.sql"
};
static const unsigned char migrations_routines_queue_lack_sql[] = {
#embed "../../migrations/routines/queue_lack.sql"
};
static const unsigned char migrations_routines_queue_of_sql[] = {
#embed "../../migrations/routines/queue_of.sql"
};
static const unsigned char migrations_routines_queue_responders_sql[] = {
#embed "../../migrations/routines/queue_responders.sql"
};
static const unsigned char migrations_routines_raise_unknown_sql[] = {
#embed "../../migrations/routines/raise_unknown.sql"
};
static const unsigned char migrations_routines_raise_unless_final_sql[] = {
#embed "../../migrations/routines/raise_unless_final.sql"
};
static const unsigned char migrations_routines_raise_unusable_sql[] = {
#embed "../../migrations/routines/raise_unusable.sql"
};
static const unsigned char migrations_routines_raise_withdrawn_sql[] = {
#embed "../../migrations/routines/raise_withdrawn.sql"
};
static const unsigned char migrations_routines_readable_conversation_sql[] = {
#embed "../../migrations/routines/readable_conversation.sql"
};
static const unsigned char migrations_routines_ready_places_sql[] = {
#embed "../../migrations/routines/ready_places.sql"
};
static const unsigned char migrations_routines_ready_work_sql[] = {
#embed "../../migrations/routines/ready_work.sql"
};
static const unsigned char migrations_routines_reap_sql[] = {
#embed "../../migrations/routines/reap.sql"
};
static const unsigned char migrations_routines_reap_function_calls_sql[] = {
#embed "../../migrations/routines/reap_function_calls.sql"
};
static const unsigned char migrations_routines_rebase_rollup_sql[] = {
#embed "../../migrations/routines/rebase_rollup.sql"
};
static const unsigned char migrations_routines_rebuild_routes_sql[] = {
#embed "../../migrations/routines/rebuild_routes.sql"
};
static const unsigned char migrations_routines_recall_sql[] = {
#embed "../../migrations/routines/recall.sql"
};
static const unsigned char migrations_routines_recall_memories_sql[] = {
#embed "../../migrations/routines/recall_memories.sql"
};
static const unsigned char migrations_routines_record_function_calls_sql[] = {
#embed "../../migrations/routines/record_function_calls.sql"
};
static const unsigned char migrations_routines_record_security_events_sql[] = {
#embed "../../migrations/routines/record_security_events.sql"
};
static const unsigned char migrations_routines_redeliver_sql[] = {
#embed "../../migrations/routines/redeliver.sql"
};
static const unsigned char migrations_routines_redo_sql[] = {
#embed "../../migrations/routines/redo.sql"
};
static const unsigned char migrations_routines_refresh_routes_sql[] = {
#embed "../../migrations/routines/refresh_routes.sql"
};
static const unsigned char migrations_routines_refuse_deletion_sql[] = {
#embed "../../migrations/routines/refuse_deletion.sql"
};
static const unsigned char migrations_routines_refuse_task_sql[] = {
#embed "../../migrations/routines/refuse_task.sql"
};
static const unsigned char migrations_routines_refuse_task_conversation_id_sql[] = {
#embed "../../migrations/routines/refuse_task_conversation_id.sql"
};
static const unsigned char migrations_routines_register_sql[] = {
#embed "../../migrations/routines/register.sql"
};
static const unsigned char migrations_routines_register_row_sql[] = {
#embed "../../migrations/routines/register_row.sql"
};
static const unsigned char migrations_routines_rehearse_claim_sql[] = {
#embed "../../migrations/routines/rehearse_claim.sql"
};
static const unsigned char migrations_routines_release_sql[] = {
#embed "../../migrations/routines/release.sql"
};
static const unsigned char migrations_routines_release_dependents_sql[] = {
#embed "../../migrations/routines/release_dependents.sql"
};
static const unsigned char migrations_routines_release_function_call_sql[] = {
#embed "../../migrations/routines/release_function_call.sql"
};
static const unsigned char migrations_routines_release_pending_sql[] = {
#embed "../../migrations/routines/release_pending.sql"
};
static const unsigned char migrations_routines_release_task_sql[] = {
#embed "../../migrations/routines/release_task.sql"
};
static const unsigned char migrations_routines_remember_sql[] = {
#embed "../../migrations/routines/remember.sql"
};
static const unsigned char migrations_routines_remember_in_turn_sql[] = {
#embed "../../migrations/routines/remember_in_turn.sql"
};
static const unsigned char migrations_routines_remember_interaction_sql[] = {
#embed "../../migrations/routines/remember_interaction.sql"
};
static const unsigned char migrations_routines_repeated_submission_sql[] = {
#embed "../../migrations/routines/repeated_submission.sql"
};
static const unsigned char migrations_routines_reply_sql[] = {
#embed "../../migrations/routines/reply.sql"
};
static const unsigned char migrations_routines_report_endpoint_sql[] = {
#embed "../../migrations/routines/report_endpoint.sql"
};
static const unsigned char migrations_routines_request_approvals_sql[] = {
#embed "../../migrations/routines/request_approvals.sql"
};
static const unsigned char migrations_routines_request_digest_sql[] = {
#embed "../../migrations/routines/request_digest.sql"
};
static const unsigned char migrations_routines_requesters_sql[] = {
#embed "../../migrations/routines/requesters.sql"
};
static const unsigned char migrations_routines_requeue_sql[] = {
#embed "../../migrations/routines/requeue.sql"
};
static const unsigned char migrations_routines_requeue_moved_sql[] = {
#embed "../../migrations/routines/requeue_moved.sql"
};
static const unsigned char migrations_routines_require_chain_state_sql[] = {
#embed "../../migrations/routines/require_chain_state.sql"
};
static const unsigned char migrations_routines_require_conversation_sql[] = {
#embed "../../migrations/routines/require_conversation.sql"
};
static const unsigned char migrations_routines_require_conversation_id_sql[] = {
#embed "../../migrations/routines/require_conversation_id.sql"
};
static const unsigned char migrations_routines_require_grantable_sql[] = {
#embed "../../migrations/routines/require_grantable.sql"
};
static const unsigned char migrations_routines_require_known_responder_sql[] = {
#embed "../../migrations/routines/require_known_responder.sql"
};
static const unsigned char migrations_routines_require_plan_sql[] = {
#embed "../../migrations/routines/require_plan.sql"
};
static const unsigned char migrations_routines_require_records_sql[] = {
#embed "../../migrations/routines/require_records.sql"
};
static const unsigned char migrations_routines_require_room_sql[] = {
#embed "../../migrations/routines/require_room.sql"
};
static const unsigned char migrations_routines_require_schedule_sql[] = {
#embed "../../migrations/routines/require_schedule.sql"
};
static const unsigned char migrations_routines_require_task_sql[] = {
#embed "../../migrations/routines/require_task.sql"
};
static const unsigned char migrations_routines_require_usable_by_sql[] = {
#embed "../../migrations/routines/require_usable_by.sql"
};
static const unsigned char migrations_routines_rerun_chain_sql[] = {
#embed "../../migrations/routines/rerun_chain.sql"
};
static const unsigned char migrations_routines_resolve_busy_conversation_sql[] = {
#embed "../../migrations/routines/resolve_busy_conversation.sql"
};
static const unsigned char migrations_routines_resolve_tool_call_sql[] = {
#embed "../../migrations/routines/resolve_tool_call.sql"
};
static const unsigned char migrations_routines_responder_kind_sql[] = {
#embed "../../migrations/routines/responder_kind.sql"
};
static const unsigned char migrations_routines_responder_needs_sql[] = {
#embed "../../migrations/routines/responder_needs.sql"
};
static const unsigned char migrations_routines_resume_plan_steps_sql[] = {
#embed "../../migrations/routines/resume_plan_steps.sql"
};
static const unsigned char migrations_routines_resume_schedule_sql[] = {
#embed "../../migrations/routines/resume_schedule.sql"
};
static const unsigned char migrations_routines_retry_sql[] = {
#embed "../../migrations/routines/retry.sql"
};
static const unsigned char migrations_routines_retry_task_sql[] = {
#embed "../../migrations/routines/retry_task.sql"
};
static const unsigned char migrations_routines_revoke_conversation_sql[] = {
#embed "../../migrations/routines/revoke_conversation.sql"
};
static const unsigned char migrations_routines_revoke_use_sql[] = {
#embed "../../migrations/routines/revoke_use.sql"
};
static const unsigned char migrations_routines_roll_up_sql[] = {
#embed "../../migrations/routines/roll_up.sql"
};
static const unsigned char migrations_routines_roll_up_backlog_sql[] = {
#embed "../../migrations/routines/roll_up_backlog.sql"
};
static const unsigned char migrations_routines_roll_up_conversations_sql[] = {
#embed "../../migrations/routines/roll_up_conversations.sql"
};
static const unsigned char migrations_routines_rollback_sql[] = {
#embed "../../migrations/routines/rollback.sql"
};
static const unsigned char migrations_routines_route_sql[] = {
#embed "../../migrations/routines/route.sql"
};
static const unsigned char migrations_routines_route_setting_changed_sql[] = {
#embed "../../migrations/routines/route_setting_changed.sql"
};
static const unsigned char migrations_routines_route_terms_sql[] = {
#embed "../../migrations/routines/route_terms.sql"
};
static const unsigned char migrations_routines_routing_of_sql[] = {
#embed "../../migrations/routines/routing_of.sql"
};
static const unsigned char migrations_routines_run_due_schedule_sql[] = {
#embed "../../migrations/routines/run_due_schedule.sql"
};
static const unsigned char migrations_routines_run_plan_sql[] = {
#embed "../../migrations/routines/run_plan.sql"
};
static const unsigned char migrations_routines_run_schedule_sql[] = {
#embed "../../migrations/routines/run_schedule.sql"
};
static const unsigned char migrations_routines_run_schedules_sql[] = {
#embed "../../migrations/routines/run_schedules.sql"
};
static const unsigned char migrations_routines_runs_nodes_sql[] = {
#embed "../../migrations/routines/runs_nodes.sql"
};
static const unsigned char migrations_routines_save_progress_sql[] = {
#embed "../../migrations/routines/save_progress.sql"
};
static const unsigned char migrations_routines_schedule_changed_sql[] = {
#embed "../../migrations/routines/schedule_changed.sql"
};
static const unsigned char migrations_routines_schedule_look_sql[] = {
#embed "../../migrations/routines/schedule_look.sql"
};
static const unsigned char migrations_routines_schedule_rules_sql[] = {
#embed "../../migrations/routines/schedule_rules.sql"
};
static const unsigned char migrations_routines_schedule_text_sql[] = {
#embed "../../migrations/routines/schedule_text.sql"
};
static const unsigned char migrations_routines_schedule_time_sql[] = {
#embed "../../migrations/routines/schedule_time.sql"
};
static const unsigned char migrations_routines_schedule_times_sql[] = {
#embed "../../migrations/routines/schedule_times.sql"
};
static const unsigned char migrations_routines_schema_mismatch_sql[] = {
#embed "../../migrations/routines/schema_mismatch.sql"
};
static const unsigned char migrations_routines_scope_for_sql[] = {
#embed "../../migrations/routines/scope_for.sql"
};
static const unsigned char migrations_routines_scope_term_sql[] = {
#embed "../../migrations/routines/scope_term.sql"
};
static const unsigned char migrations_routines_sees_all_sql[] = {
#embed "../../migrations/routines/sees_all.sql"
};
static const unsigned char migrations_routines_served_queues_sql[] = {
#embed "../../migrations/routines/served_queues.sql"
};
static const unsigned char migrations_routines_set_sql[] = {
#embed "../../migrations/routines/set.sql"
};
static const unsigned char migrations_routines_setting_sql[] = {
#embed "../../migrations/routines/setting.sql"
};
static const unsigned char migrations_routines_settle_task_sql[] = {
#embed "../../migrations/routines/settle_task.sql"
};
static const unsigned char migrations_routines_show_blocks_sql[] = {
#embed "../../migrations/routines/show_blocks.sql"
};
static const unsigned char migrations_routines_show_conversation_sql[] = {
#embed "../../migrations/routines/show_conversation.sql"
};
static const unsigned char migrations_routines_shown_calls_sql[] = {
#embed "../../migrations/routines/shown_calls.sql"
};
static const unsigned char migrations_routines_shutdown_sql[] = {
#embed "../../migrations/routines/shutdown.sql"
};
static const unsigned char migrations_routines_signals_sql[] = {
#embed "../../migrations/routines/signals.sql"
};
static const unsigned char migrations_routines_skip_missing_submissions_sql[] = {
#embed "../../migrations/routines/skip_missing_submissions.sql"
};
static const unsigned char migrations_routines_skip_steered_submissions_sql[] = {
#embed "../../migrations/routines/skip_steered_submissions.sql"
};
static const unsigned char migrations_routines_spawn_tasks_sql[] = {
#embed "../../migrations/routines/spawn_tasks.sql"
};
static const unsigned char migrations_routines_standing_approval_sql[] = {
#embed "../../migrations/routines/standing_approval.sql"
};
static const unsigned char migrations_routines_start_conversation_sql[] = {
#embed "../../migrations/routines/start_conversation.sql"
};
static const unsigned char migrations_routines_start_rerun_sql[] = {
#embed "../../migrations/routines/start_rerun.sql"
};
static const unsigned char migrations_routines_start_tasks_sql[] = {
#embed "../../migrations/routines/start_tasks.sql"
};
static const unsigned char migrations_routines_start_worker_sql[] = {
#embed "../../migrations/routines/start_worker.sql"
};
static const unsigned char migrations_routines_steer_sql[] = {
#embed "../../migrations/routines/steer.sql"
};
static const unsigned char migrations_routines_stop_children_sql[] = {
#embed "../../migrations/routines/stop_children.sql"
};
static const unsigned char migrations_routines_stop_schedule_runs_sql[] = {
#embed "../../migrations/routines/stop_schedule_runs.sql"
};
static const unsigned char migrations_routines_stop_turn_sql[] = {
#embed "../../migrations/routines/stop_turn.sql"
};
static const unsigned char migrations_routines_stop_worker_sql[] = {
#embed "../../migrations/routines/stop_worker.sql"
};
static const unsigned char migrations_routines_store_compaction_sql[] = {
#embed "../../migrations/routines/store_compaction.sql"
};
static const unsigned char migrations_routines_store_conversation_sql[] = {
#embed "../../migrations/routines/store_conversation.sql"
};
static const unsigned char migrations_routines_store_plan_sql[] = {
#embed "../../migrations/routines/store_plan.sql"
};
static const unsigned char migrations_routines_store_runs_sql[] = {
#embed "../../migrations/routines/store_runs.sql"
};
static const unsigned char migrations_routines_store_turns_sql[] = {
#embed "../../migrations/routines/store_turns.sql"
};
static const unsigned char migrations_routines_submission_obstacle_sql[] = {
#embed "../../migrations/routines/submission_obstacle.sql"
};
static const unsigned char migrations_routines_submission_status_sql[] = {
#embed "../../migrations/routines/submission_status.sql"
};
static const unsigned char migrations_routines_submit_sql[] = {
#embed "../../migrations/routines/submit.sql"
};
static const unsigned char migrations_routines_submit_and_follow_sql[] = {
#embed "../../migrations/routines/submit_and_follow.sql"
};
static const unsigned char migrations_routines_submit_operation_sql[] = {
#embed "../../migrations/routines/submit_operation.sql"
};
static const unsigned char migrations_routines_submit_schedule_sql[] = {
#embed "../../migrations/routines/submit_schedule.sql"
};
static const unsigned char migrations_routines_submit_task_sql[] = {
#embed "../../migrations/routines/submit_task.sql"
};
static const unsigned char migrations_routines_sweep_deliveries_sql[] = {
#embed "../../migrations/routines/sweep_deliveries.sql"
};
static const unsigned char migrations_routines_sweep_deltas_sql[] = {
#embed "../../migrations/routines/sweep_deltas.sql"
};
static const unsigned char migrations_routines_take_due_run_sql[] = {
#embed "../../migrations/routines/take_due_run.sql"
};
static const unsigned char migrations_routines_task_conversation_id_sql[] = {
#embed "../../migrations/routines/task_conversation_id.sql"
};
static const unsigned char migrations_routines_task_counts_sql[] = {
#embed "../../migrations/routines/task_counts.sql"
};
static const unsigned char migrations_routines_task_effects_sql[] = {
#embed "../../migrations/routines/task_effects.sql"
};
static const unsigned char migrations_routines_task_ended_sql[] = {
#embed "../../migrations/routines/task_ended.sql"
};
static const unsigned char migrations_routines_task_metrics_sql[] = {
#embed "../../migrations/routines/task_metrics.sql"
};
static const unsigned char migrations_routines_task_report_sql[] = {
#embed "../../migrations/routines/task_report.sql"
};
static const unsigned char migrations_routines_task_result_sql[] = {
#embed "../../migrations/routines/task_result.sql"
};
static const unsigned char migrations_routines_tell_hooks_of_task_sql[] = {
#embed "../../migrations/routines/tell_hooks_of_task.sql"
};
static const unsigned char migrations_routines_tell_hooks_of_turn_sql[] = {
#embed "../../migrations/routines/tell_hooks_of_turn.sql"
};
static const unsigned char migrations_routines_tell_hooks_of_wait_sql[] = {
#embed "../../migrations/routines/tell_hooks_of_wait.sql"
};
static const unsigned char migrations_routines_tell_listeners_sql[] = {
#embed "../../migrations/routines/tell_listeners.sql"
};
static const unsigned char migrations_routines_tell_of_turns_sql[] = {
#embed "../../migrations/routines/tell_of_turns.sql"
};
static const unsigned char migrations_routines_tell_parent_sql[] = {
#embed "../../migrations/routines/tell_parent.sql"
};
static const unsigned char migrations_routines_tell_parents_sql[] = {
#embed "../../migrations/routines/tell_parents.sql"
};
static const unsigned char migrations_routines_text_array_sql[] = {
#embed "../../migrations/routines/text_array.sql"
};
static const unsigned char migrations_routines_time_in_sql[] = {
#embed "../../migrations/routines/time_in.sql"
};
static const unsigned char migrations_routines_tombstone_key_sql[] = {
#embed "../../migrations/routines/tombstone_key.sql"
};
static const unsigned char migrations_routines_tool_calling_problems_sql[] = {
#embed "../../migrations/routines/tool_calling_problems.sql"
};
static const unsigned char migrations_routines_tool_counts_sql[] = {
#embed "../../migrations/routines/tool_counts.sql"
};
static const unsigned char migrations_routines_tool_metrics_sql[] = {
#embed "../../migrations/routines/tool_metrics.sql"
};
static const unsigned char migrations_routines_tool_metrics_by_sql[] = {
#embed "../../migrations/routines/tool_metrics_by.sql"
};
static const unsigned char migrations_routines_tool_rules_sql[] = {
#embed "../../migrations/routines/tool_rules.sql"
};
static const unsigned char migrations_routines_trace_turn_sql[] = {
#embed "../../migrations/routines/trace_turn.sql"
};
static const unsigned char migrations_routines_tree_sql[] = {
#embed "../../migrations/routines/tree.sql"
};
static const unsigned char migrations_routines_turn_calls_sql[] = {
#embed "../../migrations/routines/turn_calls.sql"
};
static const unsigned char migrations_routines_turn_counts_sql[] = {
#embed "../../migrations/routines/turn_counts.sql"
};
static const unsigned char migrations_routines_turn_lower_bound_sql[] = {
#embed "../../migrations/routines/turn_lower_bound.sql"
};
static const unsigned char migrations_routines_turn_memories_sql[] = {
#embed "../../migrations/routines/turn_memories.sql"
};
static const unsigned char migrations_routines_turn_nodes_sql[] = {
#embed "../../migrations/routines/turn_nodes.sql"
};
static const unsigned char migrations_routines_turn_progress_report_sql[] = {
#embed "../../migrations/routines/turn_progress_report.sql"
};
static const unsigned char migrations_routines_turn_summary_sql[] = {
#embed "../../migrations/routines/turn_summary.sql"
};
static const unsigned char migrations_routines_turn_tasks_sql[] = {
#embed "../../migrations/routines/turn_tasks.sql"
};
static const unsigned char migrations_routines_turn_waits_sql[] = {
#embed "../../migrations/routines/turn_waits.sql"
};
static const unsigned char migrations_routines_under_way_sql[] = {
#embed "../../migrations/routines/under_way.sql"
};
static const unsigned char migrations_routines_undo_sql[] = {
#embed "../../migrations/routines/undo.sql"
};
static const unsigned char migrations_routines_undo_compaction_sql[] = {
#embed "../../migrations/routines/undo_compaction.sql"
};
static const unsigned char migrations_routines_unregister_sql[] = {
#embed "../../migrations/routines/unregister.sql"
};
static const unsigned char migrations_routines_unseen_blocks_sql[] = {
#embed "../../migrations/routines/unseen_blocks.sql"
};
static const unsigned char migrations_routines_unserved_reason_sql[] = {
#embed "../../migrations/routines/unserved_reason.sql"
};
static const unsigned char migrations_routines_unserved_work_sql[] = {
#embed "../../migrations/routines/unserved_work.sql"
};
static const unsigned char migrations_routines_update_plan_sql[] = {
#embed "../../migrations/routines/update_plan.sql"
};
static const unsigned char migrations_routines_usable_names_sql[] = {
#embed "../../migrations/routines/usable_names.sql"
};
static const unsigned char migrations_routines_usable_responder_sql[] = {
#embed "../../migrations/routines/usable_responder.sql"
};
static const unsigned char migrations_routines_user_of_sql[] = {
#embed "../../migrations/routines/user_of.sql"
};
static const unsigned char migrations_routines_value_problems_sql[] = {
#embed "../../migrations/routines/value_problems.sql"
};
static const unsigned char migrations_routines_visible_memories_sql[] = {
#embed "../../migrations/routines/visible_memories.sql"
};
static const unsigned char migrations_routines_visible_scopes_sql[] = {
#embed "../../migrations/routines/visible_scopes.sql"
};
static const unsigned char migrations_routines_wake_sql[] = {
#embed "../../migrations/routines/wake.sql"
};
static const unsigned char migrations_routines_work_listed_sql[] = {
#embed "../../migrations/routines/work_listed.sql"
};
static const unsigned char migrations_routines_worker_loss_sql[] = {
#embed "../../migrations/routines/worker_loss.sql"
};
static const unsigned char migrations_routines_worker_serves_sql[] = {
#embed "../../migrations/routines/worker_serves.sql"
};
static const unsigned char migrations_routines_write_deliveries_sql[] = {
#embed "../../migrations/routines/write_deliveries.sql"
};
static const unsigned char migrations_routines_write_deltas_sql[] = {
#embed "../../migrations/routines/write_deltas.sql"
};
static const unsigned char migrations_routines_write_memory_sql[] = {
#embed "../../migrations/routines/write_memory.sql"
};
static const unsigned char migrations_routines_write_node_runs_sql[] = {
#embed "../../migrations/routines/write_node_runs.sql"
};
static const unsigned char migrations_routines_write_plan_steps_sql[] = {
#embed "../../migrations/routines/write_plan_steps.sql"
};
static const unsigned char migrations_routines_write_rare_parts_sql[] = {
#embed "../../migrations/routines/write_rare_parts.sql"
};
static const unsigned char migrations_routines_write_turn_parts_sql[] = {
#embed "../../migrations/routines/write_turn_parts.sql"
};
static const unsigned char migrations_rows_definition_kind_sql[] = {
#embed "../../migrations/rows/definition_kind.sql"
};
static const unsigned char migrations_rows_document_field_sql[] = {
#embed "../../migrations/rows/document_field.sql"
};
static const unsigned char migrations_rows_exchange_sql[] = {
#embed "../../migrations/rows/exchange.sql"
};
static const unsigned char migrations_rows_role_grant_sql[] = {
#embed "../../migrations/rows/role_grant.sql"
};
static const unsigned char migrations_rows_setting_sql[] = {
#embed "../../migrations/rows/setting.sql"
};
static const unsigned char migrations_tables_0001_installation_sql[] = {
#embed "../../migrations/tables/0001_installation.sql"
};
static const unsigned char migrations_tables_0002_definitions_sql[] = {
#embed "../../migrations/tables/0002_definitions.sql"
};
static const unsigned char migrations_tables_0003_conversations_sql[] = {
#embed "../../migrations/tables/0003_conversations.sql"
};
static const unsigned char migrations_tables_0004_engine_sql[] = {
#embed "../../migrations/tables/0004_engine.sql"
};
static const unsigned char migrations_tables_0005_functions_sql[] = {
#embed "../../migrations/tables/0005_functions.sql"
};
static const unsigned char migrations_tables_0006_safety_sql[] = {
#embed "../../migrations/tables/0006_safety.sql"
};
static const unsigned char migrations_tables_0007_exchange_sql[] = {
#embed "../../migrations/tables/0007_exchange.sql"
};
static const unsigned char migrations_tables_0008_event_types_sql[] = {
#embed "../../migrations/tables/0008_event_types.sql"
};
static const unsigned char migrations_tables_0009_tasks_sql[] = {
#embed "../../migrations/tables/0009_tasks.sql"
};
static const unsigned char migrations_tables_0010_routing_sql[] = {
#embed "../../migrations/tables/0010_routing.sql"
};
static const unsigned char migrations_tables_0011_chains_sql[] = {
#embed "../../migrations/tables/0011_chains.sql"
};
static const unsigned char migrations_tables_0012_chain_runs_sql[] = {
#embed "../../migrations/tables/0012_chain_runs.sql"
};
static const unsigned char migrations_tables_0013_schedules_sql[] = {
#embed "../../migrations/tables/0013_schedules.sql"
};
static const unsigned char migrations_tables_0014_plans_sql[] = {
#embed "../../migrations/tables/0014_plans.sql"
};
static const unsigned char migrations_tables_0015_accounts_sql[] = {
#embed "../../migrations/tables/0015_accounts.sql"
};
static const unsigned char migrations_tables_0016_retention_sql[] = {
#embed "../../migrations/tables/0016_retention.sql"
};
static const unsigned char migrations_tables_0017_settings_sql[] = {
#embed "../../migrations/tables/0017_settings.sql"
};
static const unsigned char migrations_tables_0018_runs_in_files_sql[] = {
#embed "../../migrations/tables/0018_runs_in_files.sql"
};
static const unsigned char migrations_tables_0019_conversations_by_time_sql[] = {
#embed "../../migrations/tables/0019_conversations_by_time.sql"
};
static const unsigned char migrations_tables_0020_conversations_of_a_user_sql[] = {
#embed "../../migrations/tables/0020_conversations_of_a_user.sql"
};
static const unsigned char migrations_tables_0021_people_sql[] = {
#embed "../../migrations/tables/0021_people.sql"
};
static const unsigned char migrations_tables_0022_queue_sql[] = {
#embed "../../migrations/tables/0022_queue.sql"
};
static const unsigned char migrations_tables_0023_deliveries_of_a_conversation_sql[] = {
#embed "../../migrations/tables/0023_deliveries_of_a_conversation.sql"
};
static const unsigned char migrations_tables_0024_queues_sql[] = {
#embed "../../migrations/tables/0024_queues.sql"
};
static const unsigned char migrations_tables_0025_words_sql[] = {
#embed "../../migrations/tables/0025_words.sql"
};
static const unsigned char migrations_tables_0026_calls_of_models_sql[] = {
#embed "../../migrations/tables/0026_calls_of_models.sql"
};
static const unsigned char migrations_tables_0027_cause_sql[] = {
#embed "../../migrations/tables/0027_cause.sql"
};
static const unsigned char migrations_tables_0028_versions_of_approvals_sql[] = {
#embed "../../migrations/tables/0028_versions_of_approvals.sql"
};
static const unsigned char migrations_tables_0029_chains_grants_and_redo_sql[] = {
#embed "../../migrations/tables/0029_chains_grants_and_redo.sql"
};
static const unsigned char migrations_tables_0030_rollup_sql[] = {
#embed "../../migrations/tables/0030_rollup.sql"
};
static const unsigned char migrations_tables_0031_held_turns_sql[] = {
#embed "../../migrations/tables/0031_held_turns.sql"
};
static const unsigned char migrations_tables_0032_turns_of_chains_sql[] = {
#embed "../../migrations/tables/0032_turns_of_chains.sql"
};
static const unsigned char migrations_tables_0033_endpoints_sql[] = {
#embed "../../migrations/tables/0033_endpoints.sql"
};
static const unsigned char migrations_tables_0034_several_events_sql[] = {
#embed "../../migrations/tables/0034_several_events.sql"
};
static const unsigned char migrations_tables_0035_known_by_sql[] = {
#embed "../../migrations/tables/0035_known_by.sql"
};
static const unsigned char migrations_tables_0036_turns_of_handoffs_sql[] = {
#embed "../../migrations/tables/0036_turns_of_handoffs.sql"
};
static const unsigned char migrations_tables_0037_work_list_sql[] = {
#embed "../../migrations/tables/0037_work_list.sql"
};
static const unsigned char migrations_tables_0038_memory_sql[] = {
#embed "../../migrations/tables/0038_memory.sql"
};
static const unsigned char migrations_tables_0039_blocks_sql[] = {
#embed "../../migrations/tables/0039_blocks.sql"
};
static const unsigned char migrations_tables_0040_conversations_of_an_account_sql[] = {
#embed "../../migrations/tables/0040_conversations_of_an_account.sql"
};
static const unsigned char migrations_tables_0041_hanging_endpoints_sql[] = {
#embed "../../migrations/tables/0041_hanging_endpoints.sql"
};
static const unsigned char migrations_upgrades_from_0015_sql[] = {
#embed "../../migrations/upgrades/from_0015.sql"
};
static const unsigned char migrations_views_agent_metrics_sql[] = {
#embed "../../migrations/views/agent_metrics.sql"
};
static const unsigned char migrations_views_agent_relationships_sql[] = {
#embed "../../migrations/views/agent_relationships.sql"
};
static const unsigned char migrations_views_agents_sql[] = {
#embed "../../migrations/views/agents.sql"
};
static const unsigned char migrations_views_approvals_sql[] = {
#embed "../../migrations/views/approvals.sql"
};
static const unsigned char migrations_views_ballots_sql[] = {
#embed "../../migrations/views/ballots.sql"
};
static const unsigned char migrations_views_blocks_sql[] = {
#embed "../../migrations/views/blocks.sql"
};
static const unsigned char migrations_views_call_measures_sql[] = {
#embed "../../migrations/views/call_measures.sql"
};
static const unsigned char migrations_views_calls_in_doubt_sql[] = {
#embed "../../migrations/views/calls_in_doubt.sql"
};
static const unsigned char migrations_views_chain_edges_sql[] = {
#embed "../../migrations/views/chain_edges.sql"
};
static const unsigned char migrations_views_chain_nodes_sql[] = {
#embed "../../migrations/views/chain_nodes.sql"
};
static const unsigned char migrations_views_chain_runs_sql[] = {
#embed "../../migrations/views/chain_runs.sql"
};
static const unsigned char migrations_views_chains_sql[] = {
#embed "../../migrations/views/chains.sql"
};
static const unsigned char migrations_views_compaction_measures_sql[] = {
#embed "../../migrations/views/compaction_measures.sql"
};
static const unsigned char migrations_views_conversation_grants_sql[] = {
#embed "../../migrations/views/conversation_grants.sql"
};
static const unsigned char migrations_views_conversation_history_sql[] = {
#embed "../../migrations/views/conversation_history.sql"
};
static const unsigned char migrations_views_conversations_sql[] = {
#embed "../../migrations/views/conversations.sql"
};
static const unsigned char migrations_views_definition_versions_sql[] = {
#embed "../../migrations/views/definition_versions.sql"
};
static const unsigned char migrations_views_endpoints_sql[] = {
#embed "../../migrations/views/endpoints.sql"
};
static const unsigned char migrations_views_error_patterns_sql[] = {
#embed "../../migrations/views/error_patterns.sql"
};
static const unsigned char migrations_views_events_sql[] = {
#embed "../../migrations/views/events.sql"
};
static const unsigned char migrations_views_function_measures_sql[] = {
#embed "../../migrations/views/function_measures.sql"
};
static const unsigned char migrations_views_function_metrics_sql[] = {
#embed "../../migrations/views/function_metrics.sql"
};
static const unsigned char migrations_views_functions_sql[] = {
#embed "../../migrations/views/functions.sql"
};
static const unsigned char migrations_views_grants_sql[] = {
#embed "../../migrations/views/grants.sql"
};
static const unsigned char migrations_views_guardrails_sql[] = {
#embed "../../migrations/views/guardrails.sql"
};
static const unsigned char migrations_views_handoff_turns_sql[] = {
#embed "../../migrations/views/handoff_turns.sql"
};
static const unsigned char migrations_views_hook_deliveries_sql[] = {
#embed "../../migrations/views/hook_deliveries.sql"
};
static const unsigned char migrations_views_hooks_sql[] = {
#embed "../../migrations/views/hooks.sql"
};
static const unsigned char migrations_views_memories_sql[] = {
#embed "../../migrations/views/memories.sql"
};
static const unsigned char migrations_views_memory_block_versions_sql[] = {
#embed "../../migrations/views/memory_block_versions.sql"
};
static const unsigned char migrations_views_memory_blocks_sql[] = {
#embed "../../migrations/views/memory_blocks.sql"
};
static const unsigned char migrations_views_memory_metrics_sql[] = {
#embed "../../migrations/views/memory_metrics.sql"
};
static const unsigned char migrations_views_memory_versions_sql[] = {
#embed "../../migrations/views/memory_versions.sql"
};
static const unsigned char migrations_views_model_calls_sql[] = {
#embed "../../migrations/views/model_calls.sql"
};
static const unsigned char migrations_views_model_metrics_sql[] = {
#embed "../../migrations/views/model_metrics.sql"
};
static const unsigned char migrations_views_models_sql[] = {
#embed "../../migrations/views/models.sql"
};
static const unsigned char migrations_views_node_runs_sql[] = {
#embed "../../migrations/views/node_runs.sql"
};
static const unsigned char migrations_views_own_chain_runs_sql[] = {
#embed "../../migrations/views/own_chain_runs.sql"
};
static const unsigned char migrations_views_own_conversations_sql[] = {
#embed "../../migrations/views/own_conversations.sql"
};
static const unsigned char migrations_views_own_memories_sql[] = {
#embed "../../migrations/views/own_memories.sql"
};
static const unsigned char migrations_views_own_memory_versions_sql[] = {
#embed "../../migrations/views/own_memory_versions.sql"
};
static const unsigned char migrations_views_own_node_runs_sql[] = {
#embed "../../migrations/views/own_node_runs.sql"
};
static const unsigned char migrations_views_own_plan_steps_sql[] = {
#embed "../../migrations/views/own_plan_steps.sql"
};
static const unsigned char migrations_views_own_plans_sql[] = {
#embed "../../migrations/views/own_plans.sql"
};
static const unsigned char migrations_views_own_tasks_sql[] = {
#embed "../../migrations/views/own_tasks.sql"
};
static const unsigned char migrations_views_pending_approvals_sql[] = {
#embed "../../migrations/views/pending_approvals.sql"
};
static const unsigned char migrations_views_plan_steps_sql[] = {
#embed "../../migrations/views/plan_steps.sql"
};
static const unsigned char migrations_views_plan_templates_sql[] = {
#embed "../../migrations/views/plan_templates.sql"
};
static const unsigned char migrations_views_plans_sql[] = {
#embed "../../migrations/views/plans.sql"
};
static const unsigned char migrations_views_policies_sql[] = {
#embed "../../migrations/views/policies.sql"
};
static const unsigned char migrations_views_routings_sql[] = {
#embed "../../migrations/views/routings.sql"
};
static const unsigned char migrations_views_schedule_runs_sql[] = {
#embed "../../migrations/views/schedule_runs.sql"
};
static const unsigned char migrations_views_schedules_sql[] = {
#embed "../../migrations/views/schedules.sql"
};
static const unsigned char migrations_views_security_events_sql[] = {
#embed "../../migrations/views/security_events.sql"
};
static const unsigned char migrations_views_step_measures_sql[] = {
#embed "../../migrations/views/step_measures.sql"
};
static const unsigned char migrations_views_submissions_sql[] = {
#embed "../../migrations/views/submissions.sql"
};
static const unsigned char migrations_views_task_measures_sql[] = {
#embed "../../migrations/views/task_measures.sql"
};
static const unsigned char migrations_views_task_metrics_sql[] = {
#embed "../../migrations/views/task_metrics.sql"
};
static const unsigned char migrations_views_tasks_sql[] = {
#embed "../../migrations/views/tasks.sql"
};
static const unsigned char migrations_views_tool_metrics_sql[] = {
#embed "../../migrations/views/tool_metrics.sql"
};
static const unsigned char migrations_views_tools_sql[] = {
#embed "../../migrations/views/tools.sql"
};
static const unsigned char migrations_views_turn_measures_sql[] = {
#embed "../../migrations/views/turn_measures.sql"
};
static const unsigned char migrations_views_turn_trace_sql[] = {
#embed "../../migrations/views/turn_trace.sql"
};
static const unsigned char migrations_views_turns_sql[] = {
#embed "../../migrations/views/turns.sql"
};
static const unsigned char migrations_views_unpacked_events_sql[] = {
#embed "../../migrations/views/unpacked_events.sql"
};
static const unsigned char migrations_views_unrolled_function_calls_sql[] = {
#embed "../../migrations/views/unrolled_function_calls.sql"
};
static const unsigned char migrations_views_unrolled_tasks_sql[] = {
#embed "../../migrations/views/unrolled_tasks.sql"
};
static const unsigned char migrations_views_unrolled_turns_sql[] = {
#embed "../../migrations/views/unrolled_turns.sql"
};
static const unsigned char migrations_views_usable_sql[] = {
#embed "../../migrations/views/usable.sql"
};
static const unsigned char migrations_views_worker_status_sql[] = {
#embed "../../migrations/views/worker_status.sql"
};
static const unsigned char python_boot_py[] = {
#embed "python/boot.py"
};
static const unsigned char python_code_check_py[] = {
#embed "python/code_check.py"
};
static const unsigned char python_code_runner_py[] = {
#embed "python/code_runner.py"
};
static const unsigned char python_guard_py[] = {
#embed "python/guard.py"
};
static const unsigned char python_heap_py[] = {
#embed "python/heap.py"
};
static const unsigned char python_kernel_py[] = {
#embed "python/kernel.py"
};
static const unsigned char python_worker_py[] = {
#embed "python/worker.py"
};
static const unsigned char python_zygote_py[] = {
#embed "python/zygote.py"
};
static const unsigned char schemas_conversation_json[] = {
#embed "schemas/conversation.json"
};
static const unsigned char schemas_fields_json[] = {
#embed "schemas/fields.json"
};
static const unsigned char seeds_assistant_yaml[] = {
#embed "../../seeds/assistant.yaml"
};
static const unsigned char seeds_plans_yaml[] = {
#embed "../../seeds/plans.yaml"
};
static const unsigned char seeds_workspace_yaml[] = {
#embed "../../seeds/workspace.yaml"
};

static const agentctl_resource resources[] = {
    {"migrations/finally.sql", migrations_finally_sql, sizeof(migrations_finally_sql)},
    {"migrations/routines/account_key.sql", migrations_routines_account_key_sql, sizeof(migrations_routines_account_key_sql)},
    {"migrations/routines/account_name.sql", migrations_routines_account_name_sql, sizeof(migrations_routines_account_name_sql)},
    {"migrations/routines/account_sees_all.sql", migrations_routines_account_sees_all_sql, sizeof(migrations_routines_account_sees_all_sql)},
    {"migrations/routines/activity.sql", migrations_routines_activity_sql, sizeof(migrations_routines_activity_sql)},
    {"migrations/routines/add_compactions.sql", migrations_routines_add_compactions_sql, sizeof(migrations_routines_add_compactions_sql)},
    {"migrations/routines/add_function_calls.sql", migrations_routines_add_function_calls_sql, sizeof(migrations_routines_add_function_calls_sql)},
    {"migrations/routines/add_tasks.sql", migrations_routines_add_tasks_sql, sizeof(migrations_routines_add_tasks_sql)},
    {"migrations/routines/add_turns.sql", migrations_routines_add_turns_sql, sizeof(migrations_routines_add_turns_sql)},
    {"migrations/routines/add_worked_off.sql", migrations_routines_add_worked_off_sql, sizeof(migrations_routines_add_worked_off_sql)},
    {"migrations/routines/agent_metrics.sql", migrations_routines_agent_metrics_sql, sizeof(migrations_routines_agent_metrics_sql)},
    {"migrations/routines/agent_metrics_by.sql", migrations_routines_agent_metrics_by_sql, sizeof(migrations_routines_agent_metrics_by_sql)},
    {"migrations/routines/agent_parts.sql", migrations_routines_agent_parts_sql, sizeof(migrations_routines_agent_parts_sql)},
    {"migrations/routines/agentctl_sql.examine.sql", migrations_routines_agentctl_sql_examine_sql, sizeof(migrations_routines_agentctl_sql_examine_sql)},
    {"migrations/routines/agentctl_sql.guard.sql", migrations_routines_agentctl_sql_guard_sql, sizeof(migrations_routines_agentctl_sql_guard_sql)},
    {"migrations/routines/agentctl_sql.run.sql", migrations_routines_agentctl_sql_run_sql, sizeof(migrations_routines_agentctl_sql_run_sql)},
    {"migrations/routines/apply_operation.sql", migrations_routines_apply_operation_sql, sizeof(migrations_routines_apply_operation_sql)},
    {"migrations/routines/apply_redo.sql", migrations_routines_apply_redo_sql, sizeof(migrations_routines_apply_redo_sql)},
    {"migrations/routines/apply_settings.sql", migrations_routines_apply_settings_sql, sizeof(migrations_routines_apply_settings_sql)},
    {"migrations/routines/apply_undo.sql", migrations_routines_apply_undo_sql, sizeof(migrations_routines_apply_undo_sql)},
    {"migrations/routines/approve.sql", migrations_routines_approve_sql, sizeof(migrations_routines_approve_sql)},
    {"migrations/routines/approve_plan.sql", migrations_routines_approve_plan_sql, sizeof(migrations_routines_approve_plan_sql)},
    {"migrations/routines/begin_probe.sql", migrations_routines_begin_probe_sql, sizeof(migrations_routines_begin_probe_sql)},
    {"migrations/routines/begin_schedule_run.sql", migrations_routines_begin_schedule_run_sql, sizeof(migrations_routines_begin_schedule_run_sql)},
    {"migrations/routines/begin_steering.sql", migrations_routines_begin_steering_sql, sizeof(migrations_routines_begin_steering_sql)},
    {"migrations/routines/begin_tasks.sql", migrations_routines_begin_tasks_sql, sizeof(migrations_routines_begin_tasks_sql)},
    {"migrations/routines/bind_accounts.sql", migrations_routines_bind_accounts_sql, sizeof(migrations_routines_bind_accounts_sql)},
    {"migrations/routines/block_rules.sql", migrations_routines_block_rules_sql, sizeof(migrations_routines_block_rules_sql)},
    {"migrations/routines/blocks_of.sql", migrations_routines_blocks_of_sql, sizeof(migrations_routines_blocks_of_sql)},
    {"migrations/routines/budget_left.sql", migrations_routines_budget_left_sql, sizeof(migrations_routines_budget_left_sql)},
    {"migrations/routines/bury_deliveries.sql", migrations_routines_bury_deliveries_sql, sizeof(migrations_routines_bury_deliveries_sql)},
    {"migrations/routines/bury_memories.sql", migrations_routines_bury_memories_sql, sizeof(migrations_routines_bury_memories_sql)},
    {"migrations/routines/call_function.sql", migrations_routines_call_function_sql, sizeof(migrations_routines_call_function_sql)},
    {"migrations/routines/caller.sql", migrations_routines_caller_sql, sizeof(migrations_routines_caller_sql)},
    {"migrations/routines/cancel_message.sql", migrations_routines_cancel_message_sql, sizeof(migrations_routines_cancel_message_sql)},
    {"migrations/routines/cancel_task.sql", migrations_routines_cancel_task_sql, sizeof(migrations_routines_cancel_task_sql)},
    {"migrations/routines/chain_condition.sql", migrations_routines_chain_condition_sql, sizeof(migrations_routines_chain_condition_sql)},
    {"migrations/routines/chain_depth.sql", migrations_routines_chain_depth_sql, sizeof(migrations_routines_chain_depth_sql)},
    {"migrations/routines/chain_document.sql", migrations_routines_chain_document_sql, sizeof(migrations_routines_chain_document_sql)},
    {"migrations/routines/chain_dot.sql", migrations_routines_chain_dot_sql, sizeof(migrations_routines_chain_dot_sql)},
    {"migrations/routines/chain_graph.sql", migrations_routines_chain_graph_sql, sizeof(migrations_routines_chain_graph_sql)},
    {"migrations/routines/chain_graph_problems.sql", migrations_routines_chain_graph_problems_sql, sizeof(migrations_routines_chain_graph_problems_sql)},
    {"migrations/routines/chain_input.sql", migrations_routines_chain_input_sql, sizeof(migrations_routines_chain_input_sql)},
    {"migrations/routines/chain_lanes.sql", migrations_routines_chain_lanes_sql, sizeof(migrations_routines_chain_lanes_sql)},
    {"migrations/routines/chain_mermaid.sql", migrations_routines_chain_mermaid_sql, sizeof(migrations_routines_chain_mermaid_sql)},
    {"migrations/routines/chain_nesting_problems.sql", migrations_routines_chain_nesting_problems_sql, sizeof(migrations_routines_chain_nesting_problems_sql)},
    {"migrations/routines/chain_node_words.sql", migrations_routines_chain_node_words_sql, sizeof(migrations_routines_chain_node_words_sql)},
    {"migrations/routines/chain_parts.sql", migrations_routines_chain_parts_sql, sizeof(migrations_routines_chain_parts_sql)},
    {"migrations/routines/chain_problems.sql", migrations_routines_chain_problems_sql, sizeof(migrations_routines_chain_problems_sql)},
    {"migrations/routines/chain_references.sql", migrations_routines_chain_references_sql, sizeof(migrations_routines_chain_references_sql)},
    {"migrations/routines/chain_relation_rules.sql", migrations_routines_chain_relation_rules_sql, sizeof(migrations_routines_chain_relation_rules_sql)},
    {"migrations/routines/chain_relations.sql", migrations_routines_chain_relations_sql, sizeof(migrations_routines_chain_relations_sql)},
    {"migrations/routines/chain_result.sql", migrations_routines_chain_result_sql, sizeof(migrations_routines_chain_result_sql)},
    {"migrations/routines/chain_rules.sql", migrations_routines_chain_rules_sql, sizeof(migrations_routines_chain_rules_sql)},
    {"migrations/routines/chain_state.sql", migrations_routines_chain_state_sql, sizeof(migrations_routines_chain_state_sql)},
    {"migrations/routines/chain_state_problems.sql", migrations_routines_chain_state_problems_sql, sizeof(migrations_routines_chain_state_problems_sql)},
    {"migrations/routines/chain_structure.sql", migrations_routines_chain_structure_sql, sizeof(migrations_routines_chain_structure_sql)},
    {"migrations/routines/chain_template_problems.sql", migrations_routines_chain_template_problems_sql, sizeof(migrations_routines_chain_template_problems_sql)},
    {"migrations/routines/chain_text.sql", migrations_routines_chain_text_sql, sizeof(migrations_routines_chain_text_sql)},
    {"migrations/routines/chain_type_problems.sql", migrations_routines_chain_type_problems_sql, sizeof(migrations_routines_chain_type_problems_sql)},
    {"migrations/routines/chain_ways.sql", migrations_routines_chain_ways_sql, sizeof(migrations_routines_chain_ways_sql)},
    {"migrations/routines/change_block.sql", migrations_routines_change_block_sql, sizeof(migrations_routines_change_block_sql)},
    {"migrations/routines/change_plan_steps.sql", migrations_routines_change_plan_steps_sql, sizeof(migrations_routines_change_plan_steps_sql)},
    {"migrations/routines/check_conversation_settings.sql", migrations_routines_check_conversation_settings_sql, sizeof(migrations_routines_check_conversation_settings_sql)},
    {"migrations/routines/check_dependencies.sql", migrations_routines_check_dependencies_sql, sizeof(migrations_routines_check_dependencies_sql)},
    {"migrations/routines/check_documents.sql", migrations_routines_check_documents_sql, sizeof(migrations_routines_check_documents_sql)},
    {"migrations/routines/check_memory.sql", migrations_routines_check_memory_sql, sizeof(migrations_routines_check_memory_sql)},
    {"migrations/routines/check_named_setting.sql", migrations_routines_check_named_setting_sql, sizeof(migrations_routines_check_named_setting_sql)},
    {"migrations/routines/check_queue.sql", migrations_routines_check_queue_sql, sizeof(migrations_routines_check_queue_sql)},
    {"migrations/routines/check_setting.sql", migrations_routines_check_setting_sql, sizeof(migrations_routines_check_setting_sql)},
    {"migrations/routines/check_task.sql", migrations_routines_check_task_sql, sizeof(migrations_routines_check_task_sql)},
    {"migrations/routines/choose_agent.sql", migrations_routines_choose_agent_sql, sizeof(migrations_routines_choose_agent_sql)},
    {"migrations/routines/choose_task_agent.sql", migrations_routines_choose_task_agent_sql, sizeof(migrations_routines_choose_task_agent_sql)},
    {"migrations/routines/claim.sql", migrations_routines_claim_sql, sizeof(migrations_routines_claim_sql)},
    {"migrations/routines/claim_deliveries.sql", migrations_routines_claim_deliveries_sql, sizeof(migrations_routines_claim_deliveries_sql)},
    {"migrations/routines/claim_function_calls.sql", migrations_routines_claim_function_calls_sql, sizeof(migrations_routines_claim_function_calls_sql)},
    {"migrations/routines/clear_memories.sql", migrations_routines_clear_memories_sql, sizeof(migrations_routines_clear_memories_sql)},
    {"migrations/routines/clock_change.sql", migrations_routines_clock_change_sql, sizeof(migrations_routines_clock_change_sql)},
    {"migrations/routines/close_endpoint.sql", migrations_routines_close_endpoint_sql, sizeof(migrations_routines_close_endpoint_sql)},
    {"migrations/routines/close_schedule_runs.sql", migrations_routines_close_schedule_runs_sql, sizeof(migrations_routines_close_schedule_runs_sql)},
    {"migrations/routines/comment_definition_views.sql", migrations_routines_comment_definition_views_sql, sizeof(migrations_routines_comment_definition_views_sql)},
    {"migrations/routines/compact.sql", migrations_routines_compact_sql, sizeof(migrations_routines_compact_sql)},
    {"migrations/routines/compaction_source.sql", migrations_routines_compaction_source_sql, sizeof(migrations_routines_compaction_source_sql)},
    {"migrations/routines/compile_chain.sql", migrations_routines_compile_chain_sql, sizeof(migrations_routines_compile_chain_sql)},
    {"migrations/routines/compile_chain_version.sql", migrations_routines_compile_chain_version_sql, sizeof(migrations_routines_compile_chain_version_sql)},
    {"migrations/routines/complete_document.sql", migrations_routines_complete_document_sql, sizeof(migrations_routines_complete_document_sql)},
    {"migrations/routines/conversation_document_problems.sql", migrations_routines_conversation_document_problems_sql, sizeof(migrations_routines_conversation_document_problems_sql)},
    {"migrations/routines/conversation_family.sql", migrations_routines_conversation_family_sql, sizeof(migrations_routines_conversation_family_sql)},
    {"migrations/routines/conversation_id.sql", migrations_routines_conversation_id_sql, sizeof(migrations_routines_conversation_id_sql)},
    {"migrations/routines/conversation_id_problem.sql", migrations_routines_conversation_id_problem_sql, sizeof(migrations_routines_conversation_id_problem_sql)},
    {"migrations/routines/conversation_position.sql", migrations_routines_conversation_position_sql, sizeof(migrations_routines_conversation_position_sql)},
    {"migrations/routines/conversation_queued.sql", migrations_routines_conversation_queued_sql, sizeof(migrations_routines_conversation_queued_sql)},
    {"migrations/routines/conversations_held.sql", migrations_routines_conversations_held_sql, sizeof(migrations_routines_conversations_held_sql)},
    {"migrations/routines/count_ballots.sql", migrations_routines_count_ballots_sql, sizeof(migrations_routines_count_ballots_sql)},
    {"migrations/routines/count_memories.sql", migrations_routines_count_memories_sql, sizeof(migrations_routines_count_memories_sql)},
    {"migrations/routines/create_partitions.sql", migrations_routines_create_partitions_sql, sizeof(migrations_routines_create_partitions_sql)},
    {"migrations/routines/create_partitions_of.sql", migrations_routines_create_partitions_of_sql, sizeof(migrations_routines_create_partitions_of_sql)},
    {"migrations/routines/cron_field.sql", migrations_routines_cron_field_sql, sizeof(migrations_routines_cron_field_sql)},
    {"migrations/routines/cron_fields.sql", migrations_routines_cron_fields_sql, sizeof(migrations_routines_cron_fields_sql)},
    {"migrations/routines/cron_matches.sql", migrations_routines_cron_matches_sql, sizeof(migrations_routines_cron_matches_sql)},
    {"migrations/routines/decide.sql", migrations_routines_decide_sql, sizeof(migrations_routines_decide_sql)},
    {"migrations/routines/definition_access.sql", migrations_routines_definition_access_sql, sizeof(migrations_routines_definition_access_sql)},
    {"migrations/routines/definition_changed.sql", migrations_routines_definition_changed_sql, sizeof(migrations_routines_definition_changed_sql)},
    {"migrations/routines/definition_history.sql", migrations_routines_definition_history_sql, sizeof(migrations_routines_definition_history_sql)},
    {"migrations/routines/definition_keeps_references.sql", migrations_routines_definition_keeps_references_sql, sizeof(migrations_routines_definition_keeps_references_sql)},
    {"migrations/routines/definition_queued.sql", migrations_routines_definition_queued_sql, sizeof(migrations_routines_definition_queued_sql)},
    {"migrations/routines/definition_routed.sql", migrations_routines_definition_routed_sql, sizeof(migrations_routines_definition_routed_sql)},
    {"migrations/routines/definition_version_is_immutable.sql", migrations_routines_definition_version_is_immutable_sql, sizeof(migrations_routines_definition_version_is_immutable_sql)},
    {"migrations/routines/delete_conversation.sql", migrations_routines_delete_conversation_sql, sizeof(migrations_routines_delete_conversation_sql)},
    {"migrations/routines/delete_user.sql", migrations_routines_delete_user_sql, sizeof(migrations_routines_delete_user_sql)},
    {"migrations/routines/deny.sql", migrations_routines_deny_sql, sizeof(migrations_routines_deny_sql)},
    {"migrations/routines/document_nodes.sql", migrations_routines_document_nodes_sql, sizeof(migrations_routines_document_nodes_sql)},
    {"migrations/routines/document_problems.sql", migrations_routines_document_problems_sql, sizeof(migrations_routines_document_problems_sql)},
    {"migrations/routines/document_rules.sql", migrations_routines_document_rules_sql, sizeof(migrations_routines_document_rules_sql)},
    {"migrations/routines/drop_partitions.sql", migrations_routines_drop_partitions_sql, sizeof(migrations_routines_drop_partitions_sql)},
    {"migrations/routines/edit_block.sql", migrations_routines_edit_block_sql, sizeof(migrations_routines_edit_block_sql)},
    {"migrations/routines/edit_block_of_turn.sql", migrations_routines_edit_block_of_turn_sql, sizeof(migrations_routines_edit_block_of_turn_sql)},
    {"migrations/routines/edit_distance.sql", migrations_routines_edit_distance_sql, sizeof(migrations_routines_edit_distance_sql)},
    {"migrations/routines/edit_plan.sql", migrations_routines_edit_plan_sql, sizeof(migrations_routines_edit_plan_sql)},
    {"migrations/routines/end_probe.sql", migrations_routines_end_probe_sql, sizeof(migrations_routines_end_probe_sql)},
    {"migrations/routines/endpoint_breaker.sql", migrations_routines_endpoint_breaker_sql, sizeof(migrations_routines_endpoint_breaker_sql)},
    {"migrations/routines/endpoint_rules.sql", migrations_routines_endpoint_rules_sql, sizeof(migrations_routines_endpoint_rules_sql)},
    {"migrations/routines/endpoint_wait.sql", migrations_routines_endpoint_wait_sql, sizeof(migrations_routines_endpoint_wait_sql)},
    {"migrations/routines/erase_conversations.sql", migrations_routines_erase_conversations_sql, sizeof(migrations_routines_erase_conversations_sql)},
    {"migrations/routines/erase_user.sql", migrations_routines_erase_user_sql, sizeof(migrations_routines_erase_user_sql)},
    {"migrations/routines/error_patterns.sql", migrations_routines_error_patterns_sql, sizeof(migrations_routines_error_patterns_sql)},
    {"migrations/routines/error_patterns_by.sql", migrations_routines_error_patterns_by_sql, sizeof(migrations_routines_error_patterns_by_sql)},
    {"migrations/routines/evaluate_memories.sql", migrations_routines_evaluate_memories_sql, sizeof(migrations_routines_evaluate_memories_sql)},
    {"migrations/routines/event_data.sql", migrations_routines_event_data_sql, sizeof(migrations_routines_event_data_sql)},
    {"migrations/routines/events.sql", migrations_routines_events_sql, sizeof(migrations_routines_events_sql)},
    {"migrations/routines/exchange_consistency_problems.sql", migrations_routines_exchange_consistency_problems_sql, sizeof(migrations_routines_exchange_consistency_problems_sql)},
    {"migrations/routines/exchange_path.sql", migrations_routines_exchange_path_sql, sizeof(migrations_routines_exchange_path_sql)},
    {"migrations/routines/exchange_run_problems.sql", migrations_routines_exchange_run_problems_sql, sizeof(migrations_routines_exchange_run_problems_sql)},
    {"migrations/routines/exchange_shape_problems.sql", migrations_routines_exchange_shape_problems_sql, sizeof(migrations_routines_exchange_shape_problems_sql)},
    {"migrations/routines/exchange_versions.sql", migrations_routines_exchange_versions_sql, sizeof(migrations_routines_exchange_versions_sql)},
    {"migrations/routines/expire_memories.sql", migrations_routines_expire_memories_sql, sizeof(migrations_routines_expire_memories_sql)},
    {"migrations/routines/export_conversation.sql", migrations_routines_export_conversation_sql, sizeof(migrations_routines_export_conversation_sql)},
    {"migrations/routines/export_items.sql", migrations_routines_export_items_sql, sizeof(migrations_routines_export_items_sql)},
    {"migrations/routines/export_run_items.sql", migrations_routines_export_run_items_sql, sizeof(migrations_routines_export_run_items_sql)},
    {"migrations/routines/export_user.sql", migrations_routines_export_user_sql, sizeof(migrations_routines_export_user_sql)},
    {"migrations/routines/find_memories.sql", migrations_routines_find_memories_sql, sizeof(migrations_routines_find_memories_sql)},
    {"migrations/routines/finish.sql", migrations_routines_finish_sql, sizeof(migrations_routines_finish_sql)},
    {"migrations/routines/finish_and_claim.sql", migrations_routines_finish_and_claim_sql, sizeof(migrations_routines_finish_and_claim_sql)},
    {"migrations/routines/finish_and_step.sql", migrations_routines_finish_and_step_sql, sizeof(migrations_routines_finish_and_step_sql)},
    {"migrations/routines/finish_delivery.sql", migrations_routines_finish_delivery_sql, sizeof(migrations_routines_finish_delivery_sql)},
    {"migrations/routines/finish_function_call.sql", migrations_routines_finish_function_call_sql, sizeof(migrations_routines_finish_function_call_sql)},
    {"migrations/routines/finish_turns.sql", migrations_routines_finish_turns_sql, sizeof(migrations_routines_finish_turns_sql)},
    {"migrations/routines/follow.sql", migrations_routines_follow_sql, sizeof(migrations_routines_follow_sql)},
    {"migrations/routines/forget.sql", migrations_routines_forget_sql, sizeof(migrations_routines_forget_sql)},
    {"migrations/routines/forget_in_turn.sql", migrations_routines_forget_in_turn_sql, sizeof(migrations_routines_forget_in_turn_sql)},
    {"migrations/routines/fork.sql", migrations_routines_fork_sql, sizeof(migrations_routines_fork_sql)},
    {"migrations/routines/function_counts.sql", migrations_routines_function_counts_sql, sizeof(migrations_routines_function_counts_sql)},
    {"migrations/routines/function_metrics.sql", migrations_routines_function_metrics_sql, sizeof(migrations_routines_function_metrics_sql)},
    {"migrations/routines/function_metrics_by.sql", migrations_routines_function_metrics_by_sql, sizeof(migrations_routines_function_metrics_by_sql)},
    {"migrations/routines/function_result.sql", migrations_routines_function_result_sql, sizeof(migrations_routines_function_result_sql)},
    {"migrations/routines/function_rules.sql", migrations_routines_function_rules_sql, sizeof(migrations_routines_function_rules_sql)},
    {"migrations/routines/give_to_query_role.sql", migrations_routines_give_to_query_role_sql, sizeof(migrations_routines_give_to_query_role_sql)},
    {"migrations/routines/give_to_schema_role.sql", migrations_routines_give_to_schema_role_sql, sizeof(migrations_routines_give_to_schema_role_sql)},
    {"migrations/routines/give_up.sql", migrations_routines_give_up_sql, sizeof(migrations_routines_give_up_sql)},
    {"migrations/routines/grant_conversation.sql", migrations_routines_grant_conversation_sql, sizeof(migrations_routines_grant_conversation_sql)},
    {"migrations/routines/grant_hint.sql", migrations_routines_grant_hint_sql, sizeof(migrations_routines_grant_hint_sql)},
    {"migrations/routines/grant_roles.sql", migrations_routines_grant_roles_sql, sizeof(migrations_routines_grant_roles_sql)},
    {"migrations/routines/grant_use.sql", migrations_routines_grant_use_sql, sizeof(migrations_routines_grant_use_sql)},
    {"migrations/routines/grantable_conversation.sql", migrations_routines_grantable_conversation_sql, sizeof(migrations_routines_grantable_conversation_sql)},
    {"migrations/routines/granted_names.sql", migrations_routines_granted_names_sql, sizeof(migrations_routines_granted_names_sql)},
    {"migrations/routines/guardrail_rules.sql", migrations_routines_guardrail_rules_sql, sizeof(migrations_routines_guardrail_rules_sql)},
    {"migrations/routines/has_read_outside.sql", migrations_routines_has_read_outside_sql, sizeof(migrations_routines_has_read_outside_sql)},
    {"migrations/routines/has_service.sql", migrations_routines_has_service_sql, sizeof(migrations_routines_has_service_sql)},
    {"migrations/routines/heartbeat.sql", migrations_routines_heartbeat_sql, sizeof(migrations_routines_heartbeat_sql)},
    {"migrations/routines/hold.sql", migrations_routines_hold_sql, sizeof(migrations_routines_hold_sql)},
    {"migrations/routines/holds_role.sql", migrations_routines_holds_role_sql, sizeof(migrations_routines_holds_role_sql)},
    {"migrations/routines/hook_changed.sql", migrations_routines_hook_changed_sql, sizeof(migrations_routines_hook_changed_sql)},
    {"migrations/routines/hook_rules.sql", migrations_routines_hook_rules_sql, sizeof(migrations_routines_hook_rules_sql)},
    {"migrations/routines/import_conversation.sql", migrations_routines_import_conversation_sql, sizeof(migrations_routines_import_conversation_sql)},
    {"migrations/routines/import_memories.sql", migrations_routines_import_memories_sql, sizeof(migrations_routines_import_memories_sql)},
    {"migrations/routines/index_routes.sql", migrations_routines_index_routes_sql, sizeof(migrations_routines_index_routes_sql)},
    {"migrations/routines/insert_function_calls.sql", migrations_routines_insert_function_calls_sql, sizeof(migrations_routines_insert_function_calls_sql)},
    {"migrations/routines/insert_task_row.sql", migrations_routines_insert_task_row_sql, sizeof(migrations_routines_insert_task_row_sql)},
    {"migrations/routines/insert_tasks.sql", migrations_routines_insert_tasks_sql, sizeof(migrations_routines_insert_tasks_sql)},
    {"migrations/routines/interrupt.sql", migrations_routines_interrupt_sql, sizeof(migrations_routines_interrupt_sql)},
    {"migrations/routines/is_at_rest.sql", migrations_routines_is_at_rest_sql, sizeof(migrations_routines_is_at_rest_sql)},
    {"migrations/routines/is_dropped.sql", migrations_routines_is_dropped_sql, sizeof(migrations_routines_is_dropped_sql)},
    {"migrations/routines/is_due.sql", migrations_routines_is_due_sql, sizeof(migrations_routines_is_due_sql)},
    {"migrations/routines/is_granted_conversation.sql", migrations_routines_is_granted_conversation_sql, sizeof(migrations_routines_is_granted_conversation_sql)},
    {"migrations/routines/is_locked.sql", migrations_routines_is_locked_sql, sizeof(migrations_routines_is_locked_sql)},
    {"migrations/routines/is_owner.sql", migrations_routines_is_owner_sql, sizeof(migrations_routines_is_owner_sql)},
    {"migrations/routines/is_plan_over.sql", migrations_routines_is_plan_over_sql, sizeof(migrations_routines_is_plan_over_sql)},
    {"migrations/routines/is_pruned.sql", migrations_routines_is_pruned_sql, sizeof(migrations_routines_is_pruned_sql)},
    {"migrations/routines/is_time.sql", migrations_routines_is_time_sql, sizeof(migrations_routines_is_time_sql)},
    {"migrations/routines/json_type_name.sql", migrations_routines_json_type_name_sql, sizeof(migrations_routines_json_type_name_sql)},
    {"migrations/routines/keep_account.sql", migrations_routines_keep_account_sql, sizeof(migrations_routines_keep_account_sql)},
    {"migrations/routines/keep_block.sql", migrations_routines_keep_block_sql, sizeof(migrations_routines_keep_block_sql)},
    {"migrations/routines/keep_queue.sql", migrations_routines_keep_queue_sql, sizeof(migrations_routines_keep_queue_sql)},
    {"migrations/routines/keep_retention.sql", migrations_routines_keep_retention_sql, sizeof(migrations_routines_keep_retention_sql)},
    {"migrations/routines/keep_scope.sql", migrations_routines_keep_scope_sql, sizeof(migrations_routines_keep_scope_sql)},
    {"migrations/routines/last_due.sql", migrations_routines_last_due_sql, sizeof(migrations_routines_last_due_sql)},
    {"migrations/routines/latency_percentiles.sql", migrations_routines_latency_percentiles_sql, sizeof(migrations_routines_latency_percentiles_sql)},
    {"migrations/routines/list_approvals.sql", migrations_routines_list_approvals_sql, sizeof(migrations_routines_list_approvals_sql)},
    {"migrations/routines/list_conversations.sql", migrations_routines_list_conversations_sql, sizeof(migrations_routines_list_conversations_sql)},
    {"migrations/routines/list_work.sql", migrations_routines_list_work_sql, sizeof(migrations_routines_list_work_sql)},
    {"migrations/routines/lock_conversation.sql", migrations_routines_lock_conversation_sql, sizeof(migrations_routines_lock_conversation_sql)},
    {"migrations/routines/lock_family.sql", migrations_routines_lock_family_sql, sizeof(migrations_routines_lock_family_sql)},
    {"migrations/routines/lock_holder.sql", migrations_routines_lock_holder_sql, sizeof(migrations_routines_lock_holder_sql)},
    {"migrations/routines/lock_next.sql", migrations_routines_lock_next_sql, sizeof(migrations_routines_lock_next_sql)},
    {"migrations/routines/lock_ready.sql", migrations_routines_lock_ready_sql, sizeof(migrations_routines_lock_ready_sql)},
    {"migrations/routines/lock_submissions.sql", migrations_routines_lock_submissions_sql, sizeof(migrations_routines_lock_submissions_sql)},
    {"migrations/routines/make_operator.sql", migrations_routines_make_operator_sql, sizeof(migrations_routines_make_operator_sql)},
    {"migrations/routines/match_definitions.sql", migrations_routines_match_definitions_sql, sizeof(migrations_routines_match_definitions_sql)},
    {"migrations/routines/may_be_asked.sql", migrations_routines_may_be_asked_sql, sizeof(migrations_routines_may_be_asked_sql)},
    {"migrations/routines/may_decide.sql", migrations_routines_may_decide_sql, sizeof(migrations_routines_may_decide_sql)},
    {"migrations/routines/may_read_all.sql", migrations_routines_may_read_all_sql, sizeof(migrations_routines_may_read_all_sql)},
    {"migrations/routines/may_resolve.sql", migrations_routines_may_resolve_sql, sizeof(migrations_routines_may_resolve_sql)},
    {"migrations/routines/may_see.sql", migrations_routines_may_see_sql, sizeof(migrations_routines_may_see_sql)},
    {"migrations/routines/may_see_all.sql", migrations_routines_may_see_all_sql, sizeof(migrations_routines_may_see_all_sql)},
    {"migrations/routines/may_use.sql", migrations_routines_may_use_sql, sizeof(migrations_routines_may_use_sql)},
    {"migrations/routines/memory_hash.sql", migrations_routines_memory_hash_sql, sizeof(migrations_routines_memory_hash_sql)},
    {"migrations/routines/memory_terms.sql", migrations_routines_memory_terms_sql, sizeof(migrations_routines_memory_terms_sql)},
    {"migrations/routines/memory_words.sql", migrations_routines_memory_words_sql, sizeof(migrations_routines_memory_words_sql)},
    {"migrations/routines/message_changed.sql", migrations_routines_message_changed_sql, sizeof(migrations_routines_message_changed_sql)},
    {"migrations/routines/metric_bounds.sql", migrations_routines_metric_bounds_sql, sizeof(migrations_routines_metric_bounds_sql)},
    {"migrations/routines/metric_periods.sql", migrations_routines_metric_periods_sql, sizeof(migrations_routines_metric_periods_sql)},
    {"migrations/routines/metric_pieces.sql", migrations_routines_metric_pieces_sql, sizeof(migrations_routines_metric_pieces_sql)},
    {"migrations/routines/model_counts.sql", migrations_routines_model_counts_sql, sizeof(migrations_routines_model_counts_sql)},
    {"migrations/routines/model_metrics.sql", migrations_routines_model_metrics_sql, sizeof(migrations_routines_model_metrics_sql)},
    {"migrations/routines/model_metrics_by.sql", migrations_routines_model_metrics_by_sql, sizeof(migrations_routines_model_metrics_by_sql)},
    {"migrations/routines/near_by_meaning.sql", migrations_routines_near_by_meaning_sql, sizeof(migrations_routines_near_by_meaning_sql)},
    {"migrations/routines/near_by_words.sql", migrations_routines_near_by_words_sql, sizeof(migrations_routines_near_by_words_sql)},
    {"migrations/routines/nearest.sql", migrations_routines_nearest_sql, sizeof(migrations_routines_nearest_sql)},
    {"migrations/routines/nearest_time_zones.sql", migrations_routines_nearest_time_zones_sql, sizeof(migrations_routines_nearest_time_zones_sql)},
    {"migrations/routines/need_words.sql", migrations_routines_need_words_sql, sizeof(migrations_routines_need_words_sql)},
    {"migrations/routines/next_due.sql", migrations_routines_next_due_sql, sizeof(migrations_routines_next_due_sql)},
    {"migrations/routines/next_time.sql", migrations_routines_next_time_sql, sizeof(migrations_routines_next_time_sql)},
    {"migrations/routines/normal_answer.sql", migrations_routines_normal_answer_sql, sizeof(migrations_routines_normal_answer_sql)},
    {"migrations/routines/notify_workers.sql", migrations_routines_notify_workers_sql, sizeof(migrations_routines_notify_workers_sql)},
    {"migrations/routines/open_endpoint.sql", migrations_routines_open_endpoint_sql, sizeof(migrations_routines_open_endpoint_sql)},
    {"migrations/routines/open_endpoints.sql", migrations_routines_open_endpoints_sql, sizeof(migrations_routines_open_endpoints_sql)},
    {"migrations/routines/open_work.sql", migrations_routines_open_work_sql, sizeof(migrations_routines_open_work_sql)},
    {"migrations/routines/own_conversation.sql", migrations_routines_own_conversation_sql, sizeof(migrations_routines_own_conversation_sql)},
    {"migrations/routines/park_and_claim.sql", migrations_routines_park_and_claim_sql, sizeof(migrations_routines_park_and_claim_sql)},
    {"migrations/routines/partitions.sql", migrations_routines_partitions_sql, sizeof(migrations_routines_partitions_sql)},
    {"migrations/routines/pause_schedule.sql", migrations_routines_pause_schedule_sql, sizeof(migrations_routines_pause_schedule_sql)},
    {"migrations/routines/pipeline_problems.sql", migrations_routines_pipeline_problems_sql, sizeof(migrations_routines_pipeline_problems_sql)},
    {"migrations/routines/place_tasks.sql", migrations_routines_place_tasks_sql, sizeof(migrations_routines_place_tasks_sql)},
    {"migrations/routines/place_tasks_of.sql", migrations_routines_place_tasks_of_sql, sizeof(migrations_routines_place_tasks_of_sql)},
    {"migrations/routines/plan_agent_problems.sql", migrations_routines_plan_agent_problems_sql, sizeof(migrations_routines_plan_agent_problems_sql)},
    {"migrations/routines/plan_problems.sql", migrations_routines_plan_problems_sql, sizeof(migrations_routines_plan_problems_sql)},
    {"migrations/routines/plan_schema.sql", migrations_routines_plan_schema_sql, sizeof(migrations_routines_plan_schema_sql)},
    {"migrations/routines/plan_step_list.sql", migrations_routines_plan_step_list_sql, sizeof(migrations_routines_plan_step_list_sql)},
    {"migrations/routines/plan_step_problems.sql", migrations_routines_plan_step_problems_sql, sizeof(migrations_routines_plan_step_problems_sql)},
    {"migrations/routines/plan_summary.sql", migrations_routines_plan_summary_sql, sizeof(migrations_routines_plan_summary_sql)},
    {"migrations/routines/policies_naming.sql", migrations_routines_policies_naming_sql, sizeof(migrations_routines_policies_naming_sql)},
    {"migrations/routines/policy_argument_problems.sql", migrations_routines_policy_argument_problems_sql, sizeof(migrations_routines_policy_argument_problems_sql)},
    {"migrations/routines/policy_problems.sql", migrations_routines_policy_problems_sql, sizeof(migrations_routines_policy_problems_sql)},
    {"migrations/routines/policy_rules.sql", migrations_routines_policy_rules_sql, sizeof(migrations_routines_policy_rules_sql)},
    {"migrations/routines/postpone.sql", migrations_routines_postpone_sql, sizeof(migrations_routines_postpone_sql)},
    {"migrations/routines/prune.sql", migrations_routines_prune_sql, sizeof(migrations_routines_prune_sql)},
    {"migrations/routines/prune_conversations.sql", migrations_routines_prune_conversations_sql, sizeof(migrations_routines_prune_conversations_sql)},
    {"migrations/routines/prune_records.sql", migrations_routines_prune_records_sql, sizeof(migrations_routines_prune_records_sql)},
    {"migrations/routines/prune_time.sql", migrations_routines_prune_time_sql, sizeof(migrations_routines_prune_time_sql)},
    {"migrations/routines/publish.sql", migrations_routines_publish_sql, sizeof(migrations_routines_publish_sql)},
    {"migrations/routines/question_terms.sql", migrations_routines_question_terms_sql, sizeof(migrations_routines_question_terms_sql)},
    {"migrations/routines/queue_embedding.sql", migrations_routines_queue_embedding_sql, sizeof(migrations_routines_queue_embedding_sql)},
    {"migrations/routines/queue_for.sql", migrations_routines_queue_for_sql, sizeof(migrations_routines_queue_for_sql)},
    {"migrations/routines/queue_lack.sql", migrations_routines_queue_lack_sql, sizeof(migrations_routines_queue_lack_sql)},
    {"migrations/routines/queue_of.sql", migrations_routines_queue_of_sql, sizeof(migrations_routines_queue_of_sql)},
    {"migrations/routines/queue_responders.sql", migrations_routines_queue_responders_sql, sizeof(migrations_routines_queue_responders_sql)},
    {"migrations/routines/raise_unknown.sql", migrations_routines_raise_unknown_sql, sizeof(migrations_routines_raise_unknown_sql)},
    {"migrations/routines/raise_unless_final.sql", migrations_routines_raise_unless_final_sql, sizeof(migrations_routines_raise_unless_final_sql)},
    {"migrations/routines/raise_unusable.sql", migrations_routines_raise_unusable_sql, sizeof(migrations_routines_raise_unusable_sql)},
    {"migrations/routines/raise_withdrawn.sql", migrations_routines_raise_withdrawn_sql, sizeof(migrations_routines_raise_withdrawn_sql)},
    {"migrations/routines/readable_conversation.sql", migrations_routines_readable_conversation_sql, sizeof(migrations_routines_readable_conversation_sql)},
    {"migrations/routines/ready_places.sql", migrations_routines_ready_places_sql, sizeof(migrations_routines_ready_places_sql)},
    {"migrations/routines/ready_work.sql", migrations_routines_ready_work_sql, sizeof(migrations_routines_ready_work_sql)},
    {"migrations/routines/reap.sql", migrations_routines_reap_sql, sizeof(migrations_routines_reap_sql)},
    {"migrations/routines/reap_function_calls.sql", migrations_routines_reap_function_calls_sql, sizeof(migrations_routines_reap_function_calls_sql)},
    {"migrations/routines/rebase_rollup.sql", migrations_routines_rebase_rollup_sql, sizeof(migrations_routines_rebase_rollup_sql)},
    {"migrations/routines/rebuild_routes.sql", migrations_routines_rebuild_routes_sql, sizeof(migrations_routines_rebuild_routes_sql)},
    {"migrations/routines/recall.sql", migrations_routines_recall_sql, sizeof(migrations_routines_recall_sql)},
    {"migrations/routines/recall_memories.sql", migrations_routines_recall_memories_sql, sizeof(migrations_routines_recall_memories_sql)},
    {"migrations/routines/record_function_calls.sql", migrations_routines_record_function_calls_sql, sizeof(migrations_routines_record_function_calls_sql)},
    {"migrations/routines/record_security_events.sql", migrations_routines_record_security_events_sql, sizeof(migrations_routines_record_security_events_sql)},
    {"migrations/routines/redeliver.sql", migrations_routines_redeliver_sql, sizeof(migrations_routines_redeliver_sql)},
    {"migrations/routines/redo.sql", migrations_routines_redo_sql, sizeof(migrations_routines_redo_sql)},
    {"migrations/routines/refresh_routes.sql", migrations_routines_refresh_routes_sql, sizeof(migrations_routines_refresh_routes_sql)},
    {"migrations/routines/refuse_deletion.sql", migrations_routines_refuse_deletion_sql, sizeof(migrations_routines_refuse_deletion_sql)},
    {"migrations/routines/refuse_task.sql", migrations_routines_refuse_task_sql, sizeof(migrations_routines_refuse_task_sql)},
    {"migrations/routines/refuse_task_conversation_id.sql", migrations_routines_refuse_task_conversation_id_sql, sizeof(migrations_routines_refuse_task_conversation_id_sql)},
    {"migrations/routines/register.sql", migrations_routines_register_sql, sizeof(migrations_routines_register_sql)},
    {"migrations/routines/register_row.sql", migrations_routines_register_row_sql, sizeof(migrations_routines_register_row_sql)},
    {"migrations/routines/rehearse_claim.sql", migrations_routines_rehearse_claim_sql, sizeof(migrations_routines_rehearse_claim_sql)},
    {"migrations/routines/release.sql", migrations_routines_release_sql, sizeof(migrations_routines_release_sql)},
    {"migrations/routines/release_dependents.sql", migrations_routines_release_dependents_sql, sizeof(migrations_routines_release_dependents_sql)},
    {"migrations/routines/release_function_call.sql", migrations_routines_release_function_call_sql, sizeof(migrations_routines_release_function_call_sql)},
    {"migrations/routines/release_pending.sql", migrations_routines_release_pending_sql, sizeof(migrations_routines_release_pending_sql)},
    {"migrations/routines/release_task.sql", migrations_routines_release_task_sql, sizeof(migrations_routines_release_task_sql)},
    {"migrations/routines/remember.sql", migrations_routines_remember_sql, sizeof(migrations_routines_remember_sql)},
    {"migrations/routines/remember_in_turn.sql", migrations_routines_remember_in_turn_sql, sizeof(migrations_routines_remember_in_turn_sql)},
    {"migrations/routines/remember_interaction.sql", migrations_routines_remember_interaction_sql, sizeof(migrations_routines_remember_interaction_sql)},
    {"migrations/routines/repeated_submission.sql", migrations_routines_repeated_submission_sql, sizeof(migrations_routines_repeated_submission_sql)},
    {"migrations/routines/reply.sql", migrations_routines_reply_sql, sizeof(migrations_routines_reply_sql)},
    {"migrations/routines/report_endpoint.sql", migrations_routines_report_endpoint_sql, sizeof(migrations_routines_report_endpoint_sql)},
    {"migrations/routines/request_approvals.sql", migrations_routines_request_approvals_sql, sizeof(migrations_routines_request_approvals_sql)},
    {"migrations/routines/request_digest.sql", migrations_routines_request_digest_sql, sizeof(migrations_routines_request_digest_sql)},
    {"migrations/routines/requesters.sql", migrations_routines_requesters_sql, sizeof(migrations_routines_requesters_sql)},
    {"migrations/routines/requeue.sql", migrations_routines_requeue_sql, sizeof(migrations_routines_requeue_sql)},
    {"migrations/routines/requeue_moved.sql", migrations_routines_requeue_moved_sql, sizeof(migrations_routines_requeue_moved_sql)},
    {"migrations/routines/require_chain_state.sql", migrations_routines_require_chain_state_sql, sizeof(migrations_routines_require_chain_state_sql)},
    {"migrations/routines/require_conversation.sql", migrations_routines_require_conversation_sql, sizeof(migrations_routines_require_conversation_sql)},
    {"migrations/routines/require_conversation_id.sql", migrations_routines_require_conversation_id_sql, sizeof(migrations_routines_require_conversation_id_sql)},
    {"migrations/routines/require_grantable.sql", migrations_routines_require_grantable_sql, sizeof(migrations_routines_require_grantable_sql)},
    {"migrations/routines/require_known_responder.sql", migrations_routines_require_known_responder_sql, sizeof(migrations_routines_require_known_responder_sql)},
    {"migrations/routines/require_plan.sql", migrations_routines_require_plan_sql, sizeof(migrations_routines_require_plan_sql)},
    {"migrations/routines/require_records.sql", migrations_routines_require_records_sql, sizeof(migrations_routines_require_records_sql)},
    {"migrations/routines/require_room.sql", migrations_routines_require_room_sql, sizeof(migrations_routines_require_room_sql)},
    {"migrations/routines/require_schedule.sql", migrations_routines_require_schedule_sql, sizeof(migrations_routines_require_schedule_sql)},
    {"migrations/routines/require_task.sql", migrations_routines_require_task_sql, sizeof(migrations_routines_require_task_sql)},
    {"migrations/routines/require_usable_by.sql", migrations_routines_require_usable_by_sql, sizeof(migrations_routines_require_usable_by_sql)},
    {"migrations/routines/rerun_chain.sql", migrations_routines_rerun_chain_sql, sizeof(migrations_routines_rerun_chain_sql)},
    {"migrations/routines/resolve_busy_conversation.sql", migrations_routines_resolve_busy_conversation_sql, sizeof(migrations_routines_resolve_busy_conversation_sql)},
    {"migrations/routines/resolve_tool_call.sql", migrations_routines_resolve_tool_call_sql, sizeof(migrations_routines_resolve_tool_call_sql)},
    {"migrations/routines/responder_kind.sql", migrations_routines_responder_kind_sql, sizeof(migrations_routines_responder_kind_sql)},
    {"migrations/routines/responder_needs.sql", migrations_routines_responder_needs_sql, sizeof(migrations_routines_responder_needs_sql)},
    {"migrations/routines/resume_plan_steps.sql", migrations_routines_resume_plan_steps_sql, sizeof(migrations_routines_resume_plan_steps_sql)},
    {"migrations/routines/resume_schedule.sql", migrations_routines_resume_schedule_sql, sizeof(migrations_routines_resume_schedule_sql)},
    {"migrations/routines/retry.sql", migrations_routines_retry_sql, sizeof(migrations_routines_retry_sql)},
    {"migrations/routines/retry_task.sql", migrations_routines_retry_task_sql, sizeof(migrations_routines_retry_task_sql)},
    {"migrations/routines/revoke_conversation.sql", migrations_routines_revoke_conversation_sql, sizeof(migrations_routines_revoke_conversation_sql)},
    {"migrations/routines/revoke_use.sql", migrations_routines_revoke_use_sql, sizeof(migrations_routines_revoke_use_sql)},
    {"migrations/routines/roll_up.sql", migrations_routines_roll_up_sql, sizeof(migrations_routines_roll_up_sql)},
    {"migrations/routines/roll_up_backlog.sql", migrations_routines_roll_up_backlog_sql, sizeof(migrations_routines_roll_up_backlog_sql)},
    {"migrations/routines/roll_up_conversations.sql", migrations_routines_roll_up_conversations_sql, sizeof(migrations_routines_roll_up_conversations_sql)},
    {"migrations/routines/rollback.sql", migrations_routines_rollback_sql, sizeof(migrations_routines_rollback_sql)},
    {"migrations/routines/route.sql", migrations_routines_route_sql, sizeof(migrations_routines_route_sql)},
    {"migrations/routines/route_setting_changed.sql", migrations_routines_route_setting_changed_sql, sizeof(migrations_routines_route_setting_changed_sql)},
    {"migrations/routines/route_terms.sql", migrations_routines_route_terms_sql, sizeof(migrations_routines_route_terms_sql)},
    {"migrations/routines/routing_of.sql", migrations_routines_routing_of_sql, sizeof(migrations_routines_routing_of_sql)},
    {"migrations/routines/run_due_schedule.sql", migrations_routines_run_due_schedule_sql, sizeof(migrations_routines_run_due_schedule_sql)},
    {"migrations/routines/run_plan.sql", migrations_routines_run_plan_sql, sizeof(migrations_routines_run_plan_sql)},
    {"migrations/routines/run_schedule.sql", migrations_routines_run_schedule_sql, sizeof(migrations_routines_run_schedule_sql)},
    {"migrations/routines/run_schedules.sql", migrations_routines_run_schedules_sql, sizeof(migrations_routines_run_schedules_sql)},
    {"migrations/routines/runs_nodes.sql", migrations_routines_runs_nodes_sql, sizeof(migrations_routines_runs_nodes_sql)},
    {"migrations/routines/save_progress.sql", migrations_routines_save_progress_sql, sizeof(migrations_routines_save_progress_sql)},
    {"migrations/routines/schedule_changed.sql", migrations_routines_schedule_changed_sql, sizeof(migrations_routines_schedule_changed_sql)},
    {"migrations/routines/schedule_look.sql", migrations_routines_schedule_look_sql, sizeof(migrations_routines_schedule_look_sql)},
    {"migrations/routines/schedule_rules.sql", migrations_routines_schedule_rules_sql, sizeof(migrations_routines_schedule_rules_sql)},
    {"migrations/routines/schedule_text.sql", migrations_routines_schedule_text_sql, sizeof(migrations_routines_schedule_text_sql)},
    {"migrations/routines/schedule_time.sql", migrations_routines_schedule_time_sql, sizeof(migrations_routines_schedule_time_sql)},
    {"migrations/routines/schedule_times.sql", migrations_routines_schedule_times_sql, sizeof(migrations_routines_schedule_times_sql)},
    {"migrations/routines/schema_mismatch.sql", migrations_routines_schema_mismatch_sql, sizeof(migrations_routines_schema_mismatch_sql)},
    {"migrations/routines/scope_for.sql", migrations_routines_scope_for_sql, sizeof(migrations_routines_scope_for_sql)},
    {"migrations/routines/scope_term.sql", migrations_routines_scope_term_sql, sizeof(migrations_routines_scope_term_sql)},
    {"migrations/routines/sees_all.sql", migrations_routines_sees_all_sql, sizeof(migrations_routines_sees_all_sql)},
    {"migrations/routines/served_queues.sql", migrations_routines_served_queues_sql, sizeof(migrations_routines_served_queues_sql)},
    {"migrations/routines/set.sql", migrations_routines_set_sql, sizeof(migrations_routines_set_sql)},
    {"migrations/routines/setting.sql", migrations_routines_setting_sql, sizeof(migrations_routines_setting_sql)},
    {"migrations/routines/settle_task.sql", migrations_routines_settle_task_sql, sizeof(migrations_routines_settle_task_sql)},
    {"migrations/routines/show_blocks.sql", migrations_routines_show_blocks_sql, sizeof(migrations_routines_show_blocks_sql)},
    {"migrations/routines/show_conversation.sql", migrations_routines_show_conversation_sql, sizeof(migrations_routines_show_conversation_sql)},
    {"migrations/routines/shown_calls.sql", migrations_routines_shown_calls_sql, sizeof(migrations_routines_shown_calls_sql)},
    {"migrations/routines/shutdown.sql", migrations_routines_shutdown_sql, sizeof(migrations_routines_shutdown_sql)},
    {"migrations/routines/signals.sql", migrations_routines_signals_sql, sizeof(migrations_routines_signals_sql)},
    {"migrations/routines/skip_missing_submissions.sql", migrations_routines_skip_missing_submissions_sql, sizeof(migrations_routines_skip_missing_submissions_sql)},
    {"migrations/routines/skip_steered_submissions.sql", migrations_routines_skip_steered_submissions_sql, sizeof(migrations_routines_skip_steered_submissions_sql)},
    {"migrations/routines/spawn_tasks.sql", migrations_routines_spawn_tasks_sql, sizeof(migrations_routines_spawn_tasks_sql)},
    {"migrations/routines/standing_approval.sql", migrations_routines_standing_approval_sql, sizeof(migrations_routines_standing_approval_sql)},
    {"migrations/routines/start_conversation.sql", migrations_routines_start_conversation_sql, sizeof(migrations_routines_start_conversation_sql)},
    {"migrations/routines/start_rerun.sql", migrations_routines_start_rerun_sql, sizeof(migrations_routines_start_rerun_sql)},
    {"migrations/routines/start_tasks.sql", migrations_routines_start_tasks_sql, sizeof(migrations_routines_start_tasks_sql)},
    {"migrations/routines/start_worker.sql", migrations_routines_start_worker_sql, sizeof(migrations_routines_start_worker_sql)},
    {"migrations/routines/steer.sql", migrations_routines_steer_sql, sizeof(migrations_routines_steer_sql)},
    {"migrations/routines/stop_children.sql", migrations_routines_stop_children_sql, sizeof(migrations_routines_stop_children_sql)},
    {"migrations/routines/stop_schedule_runs.sql", migrations_routines_stop_schedule_runs_sql, sizeof(migrations_routines_stop_schedule_runs_sql)},
    {"migrations/routines/stop_turn.sql", migrations_routines_stop_turn_sql, sizeof(migrations_routines_stop_turn_sql)},
    {"migrations/routines/stop_worker.sql", migrations_routines_stop_worker_sql, sizeof(migrations_routines_stop_worker_sql)},
    {"migrations/routines/store_compaction.sql", migrations_routines_store_compaction_sql, sizeof(migrations_routines_store_compaction_sql)},
    {"migrations/routines/store_conversation.sql", migrations_routines_store_conversation_sql, sizeof(migrations_routines_store_conversation_sql)},
    {"migrations/routines/store_plan.sql", migrations_routines_store_plan_sql, sizeof(migrations_routines_store_plan_sql)},
    {"migrations/routines/store_runs.sql", migrations_routines_store_runs_sql, sizeof(migrations_routines_store_runs_sql)},
    {"migrations/routines/store_turns.sql", migrations_routines_store_turns_sql, sizeof(migrations_routines_store_turns_sql)},
    {"migrations/routines/submission_obstacle.sql", migrations_routines_submission_obstacle_sql, sizeof(migrations_routines_submission_obstacle_sql)},
    {"migrations/routines/submission_status.sql", migrations_routines_submission_status_sql, sizeof(migrations_routines_submission_status_sql)},
    {"migrations/routines/submit.sql", migrations_routines_submit_sql, sizeof(migrations_routines_submit_sql)},
    {"migrations/routines/submit_and_follow.sql", migrations_routines_submit_and_follow_sql, sizeof(migrations_routines_submit_and_follow_sql)},
    {"migrations/routines/submit_operation.sql", migrations_routines_submit_operation_sql, sizeof(migrations_routines_submit_operation_sql)},
    {"migrations/routines/submit_schedule.sql", migrations_routines_submit_schedule_sql, sizeof(migrations_routines_submit_schedule_sql)},
    {"migrations/routines/submit_task.sql", migrations_routines_submit_task_sql, sizeof(migrations_routines_submit_task_sql)},
    {"migrations/routines/sweep_deliveries.sql", migrations_routines_sweep_deliveries_sql, sizeof(migrations_routines_sweep_deliveries_sql)},
    {"migrations/routines/sweep_deltas.sql", migrations_routines_sweep_deltas_sql, sizeof(migrations_routines_sweep_deltas_sql)},
    {"migrations/routines/take_due_run.sql", migrations_routines_take_due_run_sql, sizeof(migrations_routines_take_due_run_sql)},
    {"migrations/routines/task_conversation_id.sql", migrations_routines_task_conversation_id_sql, sizeof(migrations_routines_task_conversation_id_sql)},
    {"migrations/routines/task_counts.sql", migrations_routines_task_counts_sql, sizeof(migrations_routines_task_counts_sql)},
    {"migrations/routines/task_effects.sql", migrations_routines_task_effects_sql, sizeof(migrations_routines_task_effects_sql)},
    {"migrations/routines/task_ended.sql", migrations_routines_task_ended_sql, sizeof(migrations_routines_task_ended_sql)},
    {"migrations/routines/task_metrics.sql", migrations_routines_task_metrics_sql, sizeof(migrations_routines_task_metrics_sql)},
    {"migrations/routines/task_report.sql", migrations_routines_task_report_sql, sizeof(migrations_routines_task_report_sql)},
    {"migrations/routines/task_result.sql", migrations_routines_task_result_sql, sizeof(migrations_routines_task_result_sql)},
    {"migrations/routines/tell_hooks_of_task.sql", migrations_routines_tell_hooks_of_task_sql, sizeof(migrations_routines_tell_hooks_of_task_sql)},
    {"migrations/routines/tell_hooks_of_turn.sql", migrations_routines_tell_hooks_of_turn_sql, sizeof(migrations_routines_tell_hooks_of_turn_sql)},
    {"migrations/routines/tell_hooks_of_wait.sql", migrations_routines_tell_hooks_of_wait_sql, sizeof(migrations_routines_tell_hooks_of_wait_sql)},
    {"migrations/routines/tell_listeners.sql", migrations_routines_tell_listeners_sql, sizeof(migrations_routines_tell_listeners_sql)},
    {"migrations/routines/tell_of_turns.sql", migrations_routines_tell_of_turns_sql, sizeof(migrations_routines_tell_of_turns_sql)},
    {"migrations/routines/tell_parent.sql", migrations_routines_tell_parent_sql, sizeof(migrations_routines_tell_parent_sql)},
    {"migrations/routines/tell_parents.sql", migrations_routines_tell_parents_sql, sizeof(migrations_routines_tell_parents_sql)},
    {"migrations/routines/text_array.sql", migrations_routines_text_array_sql, sizeof(migrations_routines_text_array_sql)},
    {"migrations/routines/time_in.sql", migrations_routines_time_in_sql, sizeof(migrations_routines_time_in_sql)},
    {"migrations/routines/tombstone_key.sql", migrations_routines_tombstone_key_sql, sizeof(migrations_routines_tombstone_key_sql)},
    {"migrations/routines/tool_calling_problems.sql", migrations_routines_tool_calling_problems_sql, sizeof(migrations_routines_tool_calling_problems_sql)},
    {"migrations/routines/tool_counts.sql", migrations_routines_tool_counts_sql, sizeof(migrations_routines_tool_counts_sql)},
    {"migrations/routines/tool_metrics.sql", migrations_routines_tool_metrics_sql, sizeof(migrations_routines_tool_metrics_sql)},
    {"migrations/routines/tool_metrics_by.sql", migrations_routines_tool_metrics_by_sql, sizeof(migrations_routines_tool_metrics_by_sql)},
    {"migrations/routines/tool_rules.sql", migrations_routines_tool_rules_sql, sizeof(migrations_routines_tool_rules_sql)},
    {"migrations/routines/trace_turn.sql", migrations_routines_trace_turn_sql, sizeof(migrations_routines_trace_turn_sql)},
    {"migrations/routines/tree.sql", migrations_routines_tree_sql, sizeof(migrations_routines_tree_sql)},
    {"migrations/routines/turn_calls.sql", migrations_routines_turn_calls_sql, sizeof(migrations_routines_turn_calls_sql)},
    {"migrations/routines/turn_counts.sql", migrations_routines_turn_counts_sql, sizeof(migrations_routines_turn_counts_sql)},
    {"migrations/routines/turn_lower_bound.sql", migrations_routines_turn_lower_bound_sql, sizeof(migrations_routines_turn_lower_bound_sql)},
    {"migrations/routines/turn_memories.sql", migrations_routines_turn_memories_sql, sizeof(migrations_routines_turn_memories_sql)},
    {"migrations/routines/turn_nodes.sql", migrations_routines_turn_nodes_sql, sizeof(migrations_routines_turn_nodes_sql)},
    {"migrations/routines/turn_progress_report.sql", migrations_routines_turn_progress_report_sql, sizeof(migrations_routines_turn_progress_report_sql)},
    {"migrations/routines/turn_summary.sql", migrations_routines_turn_summary_sql, sizeof(migrations_routines_turn_summary_sql)},
    {"migrations/routines/turn_tasks.sql", migrations_routines_turn_tasks_sql, sizeof(migrations_routines_turn_tasks_sql)},
    {"migrations/routines/turn_waits.sql", migrations_routines_turn_waits_sql, sizeof(migrations_routines_turn_waits_sql)},
    {"migrations/routines/under_way.sql", migrations_routines_under_way_sql, sizeof(migrations_routines_under_way_sql)},
    {"migrations/routines/undo.sql", migrations_routines_undo_sql, sizeof(migrations_routines_undo_sql)},
    {"migrations/routines/undo_compaction.sql", migrations_routines_undo_compaction_sql, sizeof(migrations_routines_undo_compaction_sql)},
    {"migrations/routines/unregister.sql", migrations_routines_unregister_sql, sizeof(migrations_routines_unregister_sql)},
    {"migrations/routines/unseen_blocks.sql", migrations_routines_unseen_blocks_sql, sizeof(migrations_routines_unseen_blocks_sql)},
    {"migrations/routines/unserved_reason.sql", migrations_routines_unserved_reason_sql, sizeof(migrations_routines_unserved_reason_sql)},
    {"migrations/routines/unserved_work.sql", migrations_routines_unserved_work_sql, sizeof(migrations_routines_unserved_work_sql)},
    {"migrations/routines/update_plan.sql", migrations_routines_update_plan_sql, sizeof(migrations_routines_update_plan_sql)},
    {"migrations/routines/usable_names.sql", migrations_routines_usable_names_sql, sizeof(migrations_routines_usable_names_sql)},
    {"migrations/routines/usable_responder.sql", migrations_routines_usable_responder_sql, sizeof(migrations_routines_usable_responder_sql)},
    {"migrations/routines/user_of.sql", migrations_routines_user_of_sql, sizeof(migrations_routines_user_of_sql)},
    {"migrations/routines/value_problems.sql", migrations_routines_value_problems_sql, sizeof(migrations_routines_value_problems_sql)},
    {"migrations/routines/visible_memories.sql", migrations_routines_visible_memories_sql, sizeof(migrations_routines_visible_memories_sql)},
    {"migrations/routines/visible_scopes.sql", migrations_routines_visible_scopes_sql, sizeof(migrations_routines_visible_scopes_sql)},
    {"migrations/routines/wake.sql", migrations_routines_wake_sql, sizeof(migrations_routines_wake_sql)},
    {"migrations/routines/work_listed.sql", migrations_routines_work_listed_sql, sizeof(migrations_routines_work_listed_sql)},
    {"migrations/routines/worker_loss.sql", migrations_routines_worker_loss_sql, sizeof(migrations_routines_worker_loss_sql)},
    {"migrations/routines/worker_serves.sql", migrations_routines_worker_serves_sql, sizeof(migrations_routines_worker_serves_sql)},
    {"migrations/routines/write_deliveries.sql", migrations_routines_write_deliveries_sql, sizeof(migrations_routines_write_deliveries_sql)},
    {"migrations/routines/write_deltas.sql", migrations_routines_write_deltas_sql, sizeof(migrations_routines_write_deltas_sql)},
    {"migrations/routines/write_memory.sql", migrations_routines_write_memory_sql, sizeof(migrations_routines_write_memory_sql)},
    {"migrations/routines/write_node_runs.sql", migrations_routines_write_node_runs_sql, sizeof(migrations_routines_write_node_runs_sql)},
    {"migrations/routines/write_plan_steps.sql", migrations_routines_write_plan_steps_sql, sizeof(migrations_routines_write_plan_steps_sql)},
    {"migrations/routines/write_rare_parts.sql", migrations_routines_write_rare_parts_sql, sizeof(migrations_routines_write_rare_parts_sql)},
    {"migrations/routines/write_turn_parts.sql", migrations_routines_write_turn_parts_sql, sizeof(migrations_routines_write_turn_parts_sql)},
    {"migrations/rows/definition_kind.sql", migrations_rows_definition_kind_sql, sizeof(migrations_rows_definition_kind_sql)},
    {"migrations/rows/document_field.sql", migrations_rows_document_field_sql, sizeof(migrations_rows_document_field_sql)},
    {"migrations/rows/exchange.sql", migrations_rows_exchange_sql, sizeof(migrations_rows_exchange_sql)},
    {"migrations/rows/role_grant.sql", migrations_rows_role_grant_sql, sizeof(migrations_rows_role_grant_sql)},
    {"migrations/rows/setting.sql", migrations_rows_setting_sql, sizeof(migrations_rows_setting_sql)},
    {"migrations/tables/0001_installation.sql", migrations_tables_0001_installation_sql, sizeof(migrations_tables_0001_installation_sql)},
    {"migrations/tables/0002_definitions.sql", migrations_tables_0002_definitions_sql, sizeof(migrations_tables_0002_definitions_sql)},
    {"migrations/tables/0003_conversations.sql", migrations_tables_0003_conversations_sql, sizeof(migrations_tables_0003_conversations_sql)},
    {"migrations/tables/0004_engine.sql", migrations_tables_0004_engine_sql, sizeof(migrations_tables_0004_engine_sql)},
    {"migrations/tables/0005_functions.sql", migrations_tables_0005_functions_sql, sizeof(migrations_tables_0005_functions_sql)},
    {"migrations/tables/0006_safety.sql", migrations_tables_0006_safety_sql, sizeof(migrations_tables_0006_safety_sql)},
    {"migrations/tables/0007_exchange.sql", migrations_tables_0007_exchange_sql, sizeof(migrations_tables_0007_exchange_sql)},
    {"migrations/tables/0008_event_types.sql", migrations_tables_0008_event_types_sql, sizeof(migrations_tables_0008_event_types_sql)},
    {"migrations/tables/0009_tasks.sql", migrations_tables_0009_tasks_sql, sizeof(migrations_tables_0009_tasks_sql)},
    {"migrations/tables/0010_routing.sql", migrations_tables_0010_routing_sql, sizeof(migrations_tables_0010_routing_sql)},
    {"migrations/tables/0011_chains.sql", migrations_tables_0011_chains_sql, sizeof(migrations_tables_0011_chains_sql)},
    {"migrations/tables/0012_chain_runs.sql", migrations_tables_0012_chain_runs_sql, sizeof(migrations_tables_0012_chain_runs_sql)},
    {"migrations/tables/0013_schedules.sql", migrations_tables_0013_schedules_sql, sizeof(migrations_tables_0013_schedules_sql)},
    {"migrations/tables/0014_plans.sql", migrations_tables_0014_plans_sql, sizeof(migrations_tables_0014_plans_sql)},
    {"migrations/tables/0015_accounts.sql", migrations_tables_0015_accounts_sql, sizeof(migrations_tables_0015_accounts_sql)},
    {"migrations/tables/0016_retention.sql", migrations_tables_0016_retention_sql, sizeof(migrations_tables_0016_retention_sql)},
    {"migrations/tables/0017_settings.sql", migrations_tables_0017_settings_sql, sizeof(migrations_tables_0017_settings_sql)},
    {"migrations/tables/0018_runs_in_files.sql", migrations_tables_0018_runs_in_files_sql, sizeof(migrations_tables_0018_runs_in_files_sql)},
    {"migrations/tables/0019_conversations_by_time.sql", migrations_tables_0019_conversations_by_time_sql, sizeof(migrations_tables_0019_conversations_by_time_sql)},
    {"migrations/tables/0020_conversations_of_a_user.sql", migrations_tables_0020_conversations_of_a_user_sql, sizeof(migrations_tables_0020_conversations_of_a_user_sql)},
    {"migrations/tables/0021_people.sql", migrations_tables_0021_people_sql, sizeof(migrations_tables_0021_people_sql)},
    {"migrations/tables/0022_queue.sql", migrations_tables_0022_queue_sql, sizeof(migrations_tables_0022_queue_sql)},
    {"migrations/tables/0023_deliveries_of_a_conversation.sql", migrations_tables_0023_deliveries_of_a_conversation_sql, sizeof(migrations_tables_0023_deliveries_of_a_conversation_sql)},
    {"migrations/tables/0024_queues.sql", migrations_tables_0024_queues_sql, sizeof(migrations_tables_0024_queues_sql)},
    {"migrations/tables/0025_words.sql", migrations_tables_0025_words_sql, sizeof(migrations_tables_0025_words_sql)},
    {"migrations/tables/0026_calls_of_models.sql", migrations_tables_0026_calls_of_models_sql, sizeof(migrations_tables_0026_calls_of_models_sql)},
    {"migrations/tables/0027_cause.sql", migrations_tables_0027_cause_sql, sizeof(migrations_tables_0027_cause_sql)},
    {"migrations/tables/0028_versions_of_approvals.sql", migrations_tables_0028_versions_of_approvals_sql, sizeof(migrations_tables_0028_versions_of_approvals_sql)},
    {"migrations/tables/0029_chains_grants_and_redo.sql", migrations_tables_0029_chains_grants_and_redo_sql, sizeof(migrations_tables_0029_chains_grants_and_redo_sql)},
    {"migrations/tables/0030_rollup.sql", migrations_tables_0030_rollup_sql, sizeof(migrations_tables_0030_rollup_sql)},
    {"migrations/tables/0031_held_turns.sql", migrations_tables_0031_held_turns_sql, sizeof(migrations_tables_0031_held_turns_sql)},
    {"migrations/tables/0032_turns_of_chains.sql", migrations_tables_0032_turns_of_chains_sql, sizeof(migrations_tables_0032_turns_of_chains_sql)},
    {"migrations/tables/0033_endpoints.sql", migrations_tables_0033_endpoints_sql, sizeof(migrations_tables_0033_endpoints_sql)},
    {"migrations/tables/0034_several_events.sql", migrations_tables_0034_several_events_sql, sizeof(migrations_tables_0034_several_events_sql)},
    {"migrations/tables/0035_known_by.sql", migrations_tables_0035_known_by_sql, sizeof(migrations_tables_0035_known_by_sql)},
    {"migrations/tables/0036_turns_of_handoffs.sql", migrations_tables_0036_turns_of_handoffs_sql, sizeof(migrations_tables_0036_turns_of_handoffs_sql)},
    {"migrations/tables/0037_work_list.sql", migrations_tables_0037_work_list_sql, sizeof(migrations_tables_0037_work_list_sql)},
    {"migrations/tables/0038_memory.sql", migrations_tables_0038_memory_sql, sizeof(migrations_tables_0038_memory_sql)},
    {"migrations/tables/0039_blocks.sql", migrations_tables_0039_blocks_sql, sizeof(migrations_tables_0039_blocks_sql)},
    {"migrations/tables/0040_conversations_of_an_account.sql", migrations_tables_0040_conversations_of_an_account_sql, sizeof(migrations_tables_0040_conversations_of_an_account_sql)},
    {"migrations/tables/0041_hanging_endpoints.sql", migrations_tables_0041_hanging_endpoints_sql, sizeof(migrations_tables_0041_hanging_endpoints_sql)},
    {"migrations/upgrades/from_0015.sql", migrations_upgrades_from_0015_sql, sizeof(migrations_upgrades_from_0015_sql)},
    {"migrations/views/agent_metrics.sql", migrations_views_agent_metrics_sql, sizeof(migrations_views_agent_metrics_sql)},
    {"migrations/views/agent_relationships.sql", migrations_views_agent_relationships_sql, sizeof(migrations_views_agent_relationships_sql)},
    {"migrations/views/agents.sql", migrations_views_agents_sql, sizeof(migrations_views_agents_sql)},
    {"migrations/views/approvals.sql", migrations_views_approvals_sql, sizeof(migrations_views_approvals_sql)},
    {"migrations/views/ballots.sql", migrations_views_ballots_sql, sizeof(migrations_views_ballots_sql)},
    {"migrations/views/blocks.sql", migrations_views_blocks_sql, sizeof(migrations_views_blocks_sql)},
    {"migrations/views/call_measures.sql", migrations_views_call_measures_sql, sizeof(migrations_views_call_measures_sql)},
    {"migrations/views/calls_in_doubt.sql", migrations_views_calls_in_doubt_sql, sizeof(migrations_views_calls_in_doubt_sql)},
    {"migrations/views/chain_edges.sql", migrations_views_chain_edges_sql, sizeof(migrations_views_chain_edges_sql)},
    {"migrations/views/chain_nodes.sql", migrations_views_chain_nodes_sql, sizeof(migrations_views_chain_nodes_sql)},
    {"migrations/views/chain_runs.sql", migrations_views_chain_runs_sql, sizeof(migrations_views_chain_runs_sql)},
    {"migrations/views/chains.sql", migrations_views_chains_sql, sizeof(migrations_views_chains_sql)},
    {"migrations/views/compaction_measures.sql", migrations_views_compaction_measures_sql, sizeof(migrations_views_compaction_measures_sql)},
    {"migrations/views/conversation_grants.sql", migrations_views_conversation_grants_sql, sizeof(migrations_views_conversation_grants_sql)},
    {"migrations/views/conversation_history.sql", migrations_views_conversation_history_sql, sizeof(migrations_views_conversation_history_sql)},
    {"migrations/views/conversations.sql", migrations_views_conversations_sql, sizeof(migrations_views_conversations_sql)},
    {"migrations/views/definition_versions.sql", migrations_views_definition_versions_sql, sizeof(migrations_views_definition_versions_sql)},
    {"migrations/views/endpoints.sql", migrations_views_endpoints_sql, sizeof(migrations_views_endpoints_sql)},
    {"migrations/views/error_patterns.sql", migrations_views_error_patterns_sql, sizeof(migrations_views_error_patterns_sql)},
    {"migrations/views/events.sql", migrations_views_events_sql, sizeof(migrations_views_events_sql)},
    {"migrations/views/function_measures.sql", migrations_views_function_measures_sql, sizeof(migrations_views_function_measures_sql)},
    {"migrations/views/function_metrics.sql", migrations_views_function_metrics_sql, sizeof(migrations_views_function_metrics_sql)},
    {"migrations/views/functions.sql", migrations_views_functions_sql, sizeof(migrations_views_functions_sql)},
    {"migrations/views/grants.sql", migrations_views_grants_sql, sizeof(migrations_views_grants_sql)},
    {"migrations/views/guardrails.sql", migrations_views_guardrails_sql, sizeof(migrations_views_guardrails_sql)},
    {"migrations/views/handoff_turns.sql", migrations_views_handoff_turns_sql, sizeof(migrations_views_handoff_turns_sql)},
    {"migrations/views/hook_deliveries.sql", migrations_views_hook_deliveries_sql, sizeof(migrations_views_hook_deliveries_sql)},
    {"migrations/views/hooks.sql", migrations_views_hooks_sql, sizeof(migrations_views_hooks_sql)},
    {"migrations/views/memories.sql", migrations_views_memories_sql, sizeof(migrations_views_memories_sql)},
    {"migrations/views/memory_block_versions.sql", migrations_views_memory_block_versions_sql, sizeof(migrations_views_memory_block_versions_sql)},
    {"migrations/views/memory_blocks.sql", migrations_views_memory_blocks_sql, sizeof(migrations_views_memory_blocks_sql)},
    {"migrations/views/memory_metrics.sql", migrations_views_memory_metrics_sql, sizeof(migrations_views_memory_metrics_sql)},
    {"migrations/views/memory_versions.sql", migrations_views_memory_versions_sql, sizeof(migrations_views_memory_versions_sql)},
    {"migrations/views/model_calls.sql", migrations_views_model_calls_sql, sizeof(migrations_views_model_calls_sql)},
    {"migrations/views/model_metrics.sql", migrations_views_model_metrics_sql, sizeof(migrations_views_model_metrics_sql)},
    {"migrations/views/models.sql", migrations_views_models_sql, sizeof(migrations_views_models_sql)},
    {"migrations/views/node_runs.sql", migrations_views_node_runs_sql, sizeof(migrations_views_node_runs_sql)},
    {"migrations/views/own_chain_runs.sql", migrations_views_own_chain_runs_sql, sizeof(migrations_views_own_chain_runs_sql)},
    {"migrations/views/own_conversations.sql", migrations_views_own_conversations_sql, sizeof(migrations_views_own_conversations_sql)},
    {"migrations/views/own_memories.sql", migrations_views_own_memories_sql, sizeof(migrations_views_own_memories_sql)},
    {"migrations/views/own_memory_versions.sql", migrations_views_own_memory_versions_sql, sizeof(migrations_views_own_memory_versions_sql)},
    {"migrations/views/own_node_runs.sql", migrations_views_own_node_runs_sql, sizeof(migrations_views_own_node_runs_sql)},
    {"migrations/views/own_plan_steps.sql", migrations_views_own_plan_steps_sql, sizeof(migrations_views_own_plan_steps_sql)},
    {"migrations/views/own_plans.sql", migrations_views_own_plans_sql, sizeof(migrations_views_own_plans_sql)},
    {"migrations/views/own_tasks.sql", migrations_views_own_tasks_sql, sizeof(migrations_views_own_tasks_sql)},
    {"migrations/views/pending_approvals.sql", migrations_views_pending_approvals_sql, sizeof(migrations_views_pending_approvals_sql)},
    {"migrations/views/plan_steps.sql", migrations_views_plan_steps_sql, sizeof(migrations_views_plan_steps_sql)},
    {"migrations/views/plan_templates.sql", migrations_views_plan_templates_sql, sizeof(migrations_views_plan_templates_sql)},
    {"migrations/views/plans.sql", migrations_views_plans_sql, sizeof(migrations_views_plans_sql)},
    {"migrations/views/policies.sql", migrations_views_policies_sql, sizeof(migrations_views_policies_sql)},
    {"migrations/views/routings.sql", migrations_views_routings_sql, sizeof(migrations_views_routings_sql)},
    {"migrations/views/schedule_runs.sql", migrations_views_schedule_runs_sql, sizeof(migrations_views_schedule_runs_sql)},
    {"migrations/views/schedules.sql", migrations_views_schedules_sql, sizeof(migrations_views_schedules_sql)},
    {"migrations/views/security_events.sql", migrations_views_security_events_sql, sizeof(migrations_views_security_events_sql)},
    {"migrations/views/step_measures.sql", migrations_views_step_measures_sql, sizeof(migrations_views_step_measures_sql)},
    {"migrations/views/submissions.sql", migrations_views_submissions_sql, sizeof(migrations_views_submissions_sql)},
    {"migrations/views/task_measures.sql", migrations_views_task_measures_sql, sizeof(migrations_views_task_measures_sql)},
    {"migrations/views/task_metrics.sql", migrations_views_task_metrics_sql, sizeof(migrations_views_task_metrics_sql)},
    {"migrations/views/tasks.sql", migrations_views_tasks_sql, sizeof(migrations_views_tasks_sql)},
    {"migrations/views/tool_metrics.sql", migrations_views_tool_metrics_sql, sizeof(migrations_views_tool_metrics_sql)},
    {"migrations/views/tools.sql", migrations_views_tools_sql, sizeof(migrations_views_tools_sql)},
    {"migrations/views/turn_measures.sql", migrations_views_turn_measures_sql, sizeof(migrations_views_turn_measures_sql)},
    {"migrations/views/turn_trace.sql", migrations_views_turn_trace_sql, sizeof(migrations_views_turn_trace_sql)},
    {"migrations/views/turns.sql", migrations_views_turns_sql, sizeof(migrations_views_turns_sql)},
    {"migrations/views/unpacked_events.sql", migrations_views_unpacked_events_sql, sizeof(migrations_views_unpacked_events_sql)},
    {"migrations/views/unrolled_function_calls.sql", migrations_views_unrolled_function_calls_sql, sizeof(migrations_views_unrolled_function_calls_sql)},
    {"migrations/views/unrolled_tasks.sql", migrations_views_unrolled_tasks_sql, sizeof(migrations_views_unrolled_tasks_sql)},
    {"migrations/views/unrolled_turns.sql", migrations_views_unrolled_turns_sql, sizeof(migrations_views_unrolled_turns_sql)},
    {"migrations/views/usable.sql", migrations_views_usable_sql, sizeof(migrations_views_usable_sql)},
    {"migrations/views/worker_status.sql", migrations_views_worker_status_sql, sizeof(migrations_views_worker_status_sql)},
    {"python/boot.py", python_boot_py, sizeof(python_boot_py)},
    {"python/code_check.py", python_code_check_py, sizeof(python_code_check_py)},
    {"python/code_runner.py", python_code_runner_py, sizeof(python_code_runner_py)},
    {"python/guard.py", python_guard_py, sizeof(python_guard_py)},
    {"python/heap.py", python_heap_py, sizeof(python_heap_py)},
    {"python/kernel.py", python_kernel_py, sizeof(python_kernel_py)},
    {"python/worker.py", python_worker_py, sizeof(python_worker_py)},
    {"python/zygote.py", python_zygote_py, sizeof(python_zygote_py)},
    {"schemas/conversation.json", schemas_conversation_json, sizeof(schemas_conversation_json)},
    {"schemas/fields.json", schemas_fields_json, sizeof(schemas_fields_json)},
    {"seeds/assistant.yaml", seeds_assistant_yaml, sizeof(seeds_assistant_yaml)},
    {"seeds/plans.yaml", seeds_plans_yaml, sizeof(seeds_plans_yaml)},
    {"seeds/workspace.yaml", seeds_workspace_yaml, sizeof(seeds_workspace_yaml)},
};

size_t agentctl_resource_count(void) { return sizeof(resources) / sizeof(resources[0]); }

agentctl_resource agentctl_resource_at(size_t index) { return resources[index]; }
