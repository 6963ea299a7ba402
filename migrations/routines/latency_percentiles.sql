-- From the highest class down: the text begins with it. Of a report with thousands of rows this is most of the work.
CREATE OR REPLACE FUNCTION agentctl.latency_percentiles(
    histogram numeric, fractions double precision[] DEFAULT '{0.5,0.95,0.99}'
) RETURNS double precision[]
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp AS $$
DECLARE
    bounds CONSTANT double precision[] := (SELECT l.bounds FROM latency_scale AS l);
    -- In base 10^12 a number and the sum of its digits leave the same remainder by 10^12 - 1.
    total CONSTANT bigint := mod(histogram, 999999999999);
    digits text := histogram::text;
    classes integer;
    class integer;
    above bigint := 0;
    -- How many are above the one that is looked for.
    enough bigint;
    place integer := cardinality(fractions);
    found double precision[] := fractions;
BEGIN
    IF total IS NULL OR total = 0 THEN
        RETURN NULL;
    END IF;
    classes := (length(digits) + 11) / 12;
    digits := lpad(digits, classes * 12, '0');
    enough := total - greatest(ceil(fractions[place] * total), 1);
    FOR at IN 1..classes LOOP
        above := above + substr(digits, at * 12 - 11, 12)::bigint;
        CONTINUE WHEN above <= enough;
        class := classes - at;
        WHILE above > enough LOOP
            found[place] := CASE class WHEN 0 THEN bounds[1] / 2 ELSE bounds[class] * sqrt(bounds[2] / bounds[1]) END;
            place := place - 1;
            IF place = 0 THEN
                RETURN found;
            END IF;
            enough := total - greatest(ceil(fractions[place] * total), 1);
        END LOOP;
    END LOOP;
    RETURN found;
END $$;
COMMENT ON FUNCTION agentctl.latency_percentiles(numeric, double precision[]) IS
    'Times in ms that these fractions of a histogram do not exceed (ascending, 0 to 1): the middles of classes of '
    'latency_scale, at most 6 % off; NULL without any. Internal.';
REVOKE ALL ON FUNCTION agentctl.latency_percentiles(numeric, double precision[]) FROM PUBLIC;
