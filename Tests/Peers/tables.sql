-- What a service of an afternoon keeps of a conversation: messages, and what each turn came to.
CREATE TABLE conversation (id text PRIMARY KEY, messages bigint NOT NULL DEFAULT 0, turns bigint NOT NULL DEFAULT 0);
CREATE TABLE message (
    conversation text NOT NULL, number bigint NOT NULL, role text NOT NULL, content text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(), PRIMARY KEY (conversation, number));
CREATE TABLE turn (
    conversation text NOT NULL, number bigint NOT NULL, status text NOT NULL, model text NOT NULL,
    input_tokens bigint NOT NULL, output_tokens bigint NOT NULL, duration_ms double precision NOT NULL,
    finished_at timestamptz NOT NULL DEFAULT clock_timestamp(), PRIMARY KEY (conversation, number));
