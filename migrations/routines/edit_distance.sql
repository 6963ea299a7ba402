-- Distance for «did you mean»: the fewest letters to insert, delete, replace or swap with their neighbour. The program has
-- the same rule, and a test compares the two. Only the band of the table is filled that a distance up to the maximum can
-- lie in, and only for as long as it can: anybody may mistype a name, so a mistyped name has to be cheap.
CREATE OR REPLACE FUNCTION agentctl.edit_distance(a text, b text, maximum integer DEFAULT 64) RETURNS integer
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = agentctl, pg_temp AS $$
DECLARE
    letters_a text[] := string_to_array(lower(left(a, 64)), NULL);
    letters_b text[] := string_to_array(lower(left(b, 64)), NULL);
    size_a integer := cardinality(letters_a);
    size_b integer := cardinality(letters_b);
    too_far integer := maximum + 1;
    before_previous integer[];
    previous integer[];
    current integer[];
    nearest integer;
BEGIN
    IF abs(size_a - size_b) > maximum THEN
        RETURN NULL;
    END IF;
    previous := ARRAY(SELECT generate_series(0, size_b));
    FOR i IN 1 .. size_a LOOP
        current := array_fill(too_far, ARRAY[size_b + 1]);
        current[1] := i;
        nearest := i;
        FOR j IN greatest(1, i - maximum) .. least(size_b, i + maximum) LOOP
            current[j + 1] := least(
                previous[j + 1] + 1,
                current[j] + 1,
                previous[j] + (letters_a[i] <> letters_b[j])::integer);
            IF i > 1 AND j > 1 AND letters_a[i] = letters_b[j - 1] AND letters_a[i - 1] = letters_b[j] THEN
                current[j + 1] := least(current[j + 1], before_previous[j - 1] + 1);
            END IF;
            nearest := least(nearest, current[j + 1]);
        END LOOP;
        IF nearest > maximum THEN
            RETURN NULL;
        END IF;
        before_previous := previous;
        previous := current;
    END LOOP;
    RETURN CASE WHEN previous[size_b + 1] <= maximum THEN previous[size_b + 1] END;
END $$;
COMMENT ON FUNCTION agentctl.edit_distance(text, text, integer) IS
    'Edits between two texts (insert, delete, replace, swap neighbours) without regard to case, over the first 64 '
    'characters; NULL when there are more than maximum.';
REVOKE ALL ON FUNCTION agentctl.edit_distance(text, text, integer) FROM PUBLIC;
