-- A space is filled beside the one that is in force, which is searched until the new one has nearly all.
CREATE OR REPLACE FUNCTION agentctl.open_space(embedder bigint, center real[]) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    named record;
    opened integer;
BEGIN
    -- Two workers open one space.
    LOCK TABLE vector_space IN SHARE ROW EXCLUSIVE MODE;
    SELECT e.* INTO named FROM agentctl.embedder_in_force() AS e;
    IF NOT FOUND OR named.version_id <> open_space.embedder THEN
        RETURN NULL;
    ELSIF named.space_id IS NOT NULL THEN
        RETURN named.space_id;
    END IF;
    -- What was being filled for an embedder that is in force no more.
    DELETE FROM vector_space AS p WHERE p.state <> 'in_force';
    INSERT INTO vector_space (embedder, model, dimensions, document_prefix, question_prefix, state, center)
    SELECT named.name, named.document ->> 'model', (named.document ->> 'dimensions')::integer,
           coalesce(named.document ->> 'document_prefix', ''), coalesce(named.document ->> 'question_prefix', ''),
           CASE WHEN EXISTS (SELECT FROM vector_space AS p WHERE p.state = 'in_force') THEN 'building'
               ELSE 'in_force' END, open_space.center
    RETURNING id INTO opened;
    INSERT INTO embedding_job (memory_id, space_id) SELECT m.id, opened FROM memory AS m;
    RETURN opened;
END $$;
COMMENT ON FUNCTION agentctl.open_space(bigint, real[]) IS
    'Opens the space of the embedder in force, if its version is the given one, and has all memories embedded in it; '
    'returns its id. The first space is in force at once, another one when it has nearly all. Internal: workers.';
REVOKE ALL ON FUNCTION agentctl.open_space(bigint, real[]) FROM PUBLIC;
