-- Every submit() and every worker that starts reads settings: what means nothing is refused when it is written.
CREATE OR REPLACE FUNCTION agentctl.check_setting() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
DECLARE
    number numeric;
    span interval;
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'setting "%" is not deleted', OLD.name
            USING ERRCODE = 'AC003', HINT = 'Change its value with UPDATE.';
    ELSIF TG_OP = 'UPDATE' AND NEW.name <> OLD.name OR NEW.type IS NULL THEN
        RAISE EXCEPTION 'there is no setting "%"', NEW.name
            USING ERRCODE = 'AC002', HINT = 'SELECT name, value, description FROM agentctl.setting lists them.';
    ELSIF NEW.name = 'retention' AND btrim(NEW.value) <> '' THEN
        BEGIN
            span := NEW.value::interval;
        EXCEPTION WHEN data_exception THEN
            NULL;
        END;
        IF span IS NULL OR span < interval '1 day' THEN
            RAISE EXCEPTION 'setting "retention" takes an interval of at least 1 day, such as 90 days, and not "%"',
                NEW.value USING ERRCODE = 'AC001', HINT = 'Empty, everything is kept.';
        END IF;
    END IF;
    IF NEW.name = 'notify_clients' AND NEW.value NOT IN ('on', 'off') THEN
        RAISE EXCEPTION 'setting "notify_clients" is on or off, and not "%"', NEW.value USING ERRCODE = 'AC001';
    END IF;
    IF NEW.type = 'text' THEN
        -- What a restore brings may come before the definitions; what was there may have gone.
        IF TG_OP = 'UPDATE' AND NEW.value IS DISTINCT FROM OLD.value THEN
            PERFORM agentctl.check_named_setting(NEW.name, NEW.value);
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.value ~ (CASE NEW.type WHEN 'integer' THEN '^[0-9]{1,18}$' ELSE '^[0-9]{1,18}([.][0-9]{1,18})?$' END) THEN
        number := NEW.value::numeric;
    END IF;
    IF number IS NULL OR number NOT BETWEEN NEW.minimum::numeric AND NEW.maximum::numeric THEN
        RAISE EXCEPTION 'setting "%" takes % from % to %, and not "%"', NEW.name,
            CASE NEW.type WHEN 'integer' THEN 'a whole number' ELSE 'a number' END, NEW.minimum, NEW.maximum, NEW.value
            USING ERRCODE = 'AC001';
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION agentctl.check_setting() IS 'Trigger: refuses values that a setting does not take.';
REVOKE ALL ON FUNCTION agentctl.check_setting() FROM PUBLIC;

CREATE OR REPLACE TRIGGER check_setting BEFORE INSERT OR UPDATE OF name, value OR DELETE ON agentctl.setting
    FOR EACH ROW EXECUTE FUNCTION agentctl.check_setting();
