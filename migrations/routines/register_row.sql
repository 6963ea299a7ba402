CREATE OR REPLACE FUNCTION agentctl.register_row() RETURNS trigger
LANGUAGE plpgsql SET search_path = agentctl, pg_temp AS $$
DECLARE
    kind CONSTANT text := TG_ARGV[0];
    given CONSTANT jsonb := to_jsonb(NEW);
    version_id bigint;
    stored record;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.name IS DISTINCT FROM OLD.name THEN
            RAISE EXCEPTION 'a definition keeps its name'
                USING ERRCODE = 'AC003', HINT = 'Insert a row with the new name.';
        ELSIF given -> 'version' IS DISTINCT FROM to_jsonb(OLD) -> 'version' THEN
            RAISE EXCEPTION 'the version of % "%" counts what was registered', kind, NEW.name
                USING ERRCODE = 'AC003', HINT = 'agentctl.publish() puts an earlier version in force.';
        END IF;
    ELSIF EXISTS (SELECT FROM definition AS d
                  WHERE d.kind = TG_ARGV[0] AND d.name = NEW.name AND d.current_version IS NOT NULL) THEN
        -- Fields that the row leaves out would be gone.
        RAISE EXCEPTION 'there is % "%" already', kind, NEW.name
            USING ERRCODE = 'AC003', HINT = 'UPDATE changes some of its fields, agentctl.register() replaces all of them.';
    END IF;
    version_id := (SELECT r.version_id FROM agentctl.register((
        SELECT jsonb_object_agg(member.key, member.value) || jsonb_build_object('kind', kind)
        FROM jsonb_each(given) AS member
        WHERE member.value <> 'null' AND member.key <> ALL ('{version,version_id,created_at,created_by}')
          -- What the view shows besides the document.
          AND member.key <> ALL (coalesce(TG_ARGV[1:], '{}')))) AS r);
    SELECT v.version, v.id AS version_id, v.created_at, v.created_by INTO stored
    FROM definition_version AS v WHERE v.id = version_id;
    NEW := jsonb_populate_record(NEW, to_jsonb(stored));
    RETURN NEW;
END $$;
COMMENT ON FUNCTION agentctl.register_row() IS
    'Trigger: registers the row of a view as a document, and returns it with its version. INSERT fails with AC003 for a '
    'name that is in force.';
REVOKE ALL ON FUNCTION agentctl.register_row() FROM PUBLIC;
