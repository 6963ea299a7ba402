-- reaches: 0007
-- A database that the 15 numbered files of the first layout made. Its tables are those of tables/0001 to 0007 already;
-- rows, routines and views are applied like any others afterwards, so that only what has another name is dropped here.

DO $$
DECLARE
    problem text;
BEGIN
    WITH known (name, checksum) AS (VALUES
        ('0001_definitions.sql', '22d919b4b548074675ef0a49e71a33de2a96bbb5d42ed9f0335c5937f8ae3e6c'),
        ('0002_engine.sql', '1dd2ca87c921323fa0adf314147ccc9122914577a92c153d569cbb16b3ddc872'),
        ('0003_views.sql', '7939b2d4399c4e6581519a174c4e6270000da7e399c117d19d1b6f854186df4e'),
        ('0004_roles.sql', 'd04a5111b447f5dde6c7295c27f744ac0b6cf6d81dc18866302bd5521bb67287'),
        ('0005_functions.sql', '6ab769c45a6731b1c9478c5901474e8e53227e8f79786a5dadfc3c9205542134'),
        ('0006_progress.sql', '3c144eff23abf137bbca152bc894212ec35054be0a0b73145050e9e53608fa41'),
        ('0007_tools.sql', '5ef049c8b61d143f913bb44f6e6968918930fb4063f2855d448d609bd27bf8b6'),
        ('0008_interrupts.sql', 'b69ef62ad646417c78a703a1c857d5344b486ef7c90a47a2ca506639f4b5078f'),
        ('0009_operations.sql', '70f89dad49ddf1128a433e5c089282dbc854df9445631648a572ed336890c648'),
        ('0010_approvals.sql', 'd58ef4f4b0f93b09f8dc3b29b06727b1735ef86bb765e9ec6ff1b6265dc5ffeb'),
        ('0011_safety.sql', '1923d41ba8877a378cbfa21c2485ecf383f61396db8e167def06575488e09dae'),
        ('0012_compaction.sql', '655cf118a16000347179fcd987c4e7cca868443b914d3a1a9a5281ee55271b18'),
        ('0013_exchange.sql', '253f353190ff0a26085ace3287c828aec0e3dc6649143cf03538b87034a8d325'),
        ('0014_guardrails.sql', '134af629b9ccc3d20c1f173fe7323be40ab162e100aefe779fb6e5514f0787c2'),
        ('0015_amendments.sql', '5620e5ae52b05376d7fdedef531fa256cb4f3878d2ad5bd4b3a1f308c17f9c13')
    )
    SELECT CASE WHEN m.name IS NULL THEN format('was left at an earlier state: it lacks %s', k.name)
                WHEN k.name IS NULL THEN format('has %s, which no release had', m.name)
                ELSE format('has another %s than the one that was released', k.name) END
    INTO problem
    FROM known AS k
    FULL JOIN (SELECT a.* FROM agentctl.migration AS a WHERE a.name NOT LIKE '%/%') AS m USING (name)
    WHERE m.checksum IS DISTINCT FROM k.checksum
    ORDER BY coalesce(k.name, m.name) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'the database cannot be upgraded: it %', problem USING ERRCODE = 'AC003',
            HINT = 'Bring it to 0015_amendments.sql with the program that made it, and run agentctl init-db again.';
    END IF;
END $$;

DROP FUNCTION agentctl.meet_busy(text, bigint, text);
DROP FUNCTION agentctl.pass_taken(text, bigint);
DROP FUNCTION agentctl.exchange_form_problems(jsonb);
DROP FUNCTION agentctl.exchange_sense_problems(jsonb);
COMMENT ON TABLE agentctl.migration IS 'The files that made this schema.';
