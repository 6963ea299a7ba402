CREATE OR REPLACE FUNCTION agentctl.endpoint_breaker(
    endpoint text, OUT failures integer, OUT share double precision, OUT counted double precision,
    OUT wait double precision, OUT longest double precision
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
    SELECT coalesce((own.breaker ->> 'failures')::integer, s.failures), coalesce((own.breaker ->> 'share')::float8, 0.5),
           coalesce((own.breaker ->> 'window')::float8, s.counted), coalesce((own.breaker ->> 'wait')::float8, s.wait),
           greatest(coalesce((own.breaker ->> 'longest')::float8, s.longest), (own.breaker ->> 'wait')::float8)
    FROM (
        SELECT max(s.value::integer) FILTER (WHERE s.name = 'breaker_failures') AS failures,
               max(s.value::float8) FILTER (WHERE s.name = 'breaker_window') AS counted,
               max(s.value::float8) FILTER (WHERE s.name = 'breaker_wait') AS wait,
               max(s.value::float8) FILTER (WHERE s.name = 'breaker_longest') AS longest
        FROM agentctl.setting AS s
        WHERE s.name IN ('breaker_failures', 'breaker_window', 'breaker_wait', 'breaker_longest')
    ) AS s
    LEFT JOIN (
        SELECT v.document -> 'breaker' AS breaker
        FROM agentctl.definition AS d
        JOIN agentctl.definition_version AS v ON v.kind = d.kind AND v.name = d.name AND v.version = d.current_version
        WHERE d.kind = 'endpoint' AND d.name = endpoint_breaker.endpoint
    ) AS own ON true
$$;
COMMENT ON FUNCTION agentctl.endpoint_breaker(text) IS
    'When an endpoint is not asked any more, and when again: what its document says, or else the settings; the window '
    'is counted, in seconds. Internal.';
REVOKE ALL ON FUNCTION agentctl.endpoint_breaker(text) FROM PUBLIC;
