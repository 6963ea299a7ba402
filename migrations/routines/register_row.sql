CREATE OR REPLACE FUNCTION agentctl.register_row() RETURNS trigger
LANGUAGE plpgsql SET search_path = agentctl, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.name IS DISTINCT FROM OLD.name THEN
        RAISE EXCEPTION 'a definition keeps its name' USING ERRCODE = 'AC003', HINT = 'Insert a row with the new name.';
    END IF;
    PERFORM agentctl.register((
        SELECT jsonb_object_agg(member.key, member.value) || jsonb_build_object('kind', TG_ARGV[0])
        FROM jsonb_each(to_jsonb(NEW)) AS member
        WHERE member.value <> 'null' AND member.key <> ALL ('{version,version_id,created_at,created_by}')
          -- What the view shows besides the document.
          AND member.key <> ALL (coalesce(TG_ARGV[1:], '{}'))));
    RETURN NEW;
END $$;
COMMENT ON FUNCTION agentctl.register_row() IS 'Trigger: registers the row of a view as a document.';
REVOKE ALL ON FUNCTION agentctl.register_row() FROM PUBLIC;
