CREATE OR REPLACE FUNCTION agentctl.route_setting_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
BEGIN
    BEGIN
        PERFORM NEW.value::regconfig;
    EXCEPTION WHEN undefined_object OR invalid_name OR syntax_error THEN
        RAISE EXCEPTION 'there is no text search configuration "%"', NEW.value
            USING ERRCODE = 'AC001', HINT = 'SELECT cfgname FROM pg_ts_config lists them; simple fits any language.';
    END;
    PERFORM agentctl.rebuild_routes() FROM route_index AS i WHERE i.language <> NEW.value;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION agentctl.route_setting_changed() IS
    'Trigger: refuses a language of routing that there is not, and builds its index again for another.';
REVOKE ALL ON FUNCTION agentctl.route_setting_changed() FROM PUBLIC;

CREATE OR REPLACE TRIGGER route_setting_changed AFTER UPDATE OF value ON agentctl.setting
    FOR EACH ROW WHEN (NEW.name = 'route_language')
    EXECUTE FUNCTION agentctl.route_setting_changed();
