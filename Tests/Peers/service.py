#!/usr/bin/env python3
"""A service as one would write it by hand: asyncio, asyncpg, aiohttp; one transaction a turn.

service.py DATABASE MODEL_URL CONVERSATIONS TURNS CONCURRENCY PREFIX      prints {"messages": n, "seconds": s}
"""
import asyncio
import json
import sys
import time

import aiohttp
import asyncpg

HISTORY = "SELECT role, content FROM message WHERE conversation = $1 ORDER BY number DESC LIMIT 100"
COUNTED = """
INSERT INTO conversation (id, messages, turns) VALUES ($1, 2, 1)
ON CONFLICT (id) DO UPDATE SET messages = conversation.messages + 2, turns = conversation.turns + 1
RETURNING messages, turns"""
SAID = """
INSERT INTO message (conversation, number, role, content) VALUES ($1, $2 - 1, 'user', $3), ($1, $2, 'assistant', $4)"""
ENDED = """
INSERT INTO turn (conversation, number, status, model, input_tokens, output_tokens, duration_ms)
VALUES ($1, $2, 'succeeded', 'mock', $3, $4, $5)"""


async def answer(session, url, messages):
    """Asks the model; returns the text and the usage."""
    text, usage = [], {}
    body = {"model": "mock", "messages": messages, "stream": True, "stream_options": {"include_usage": True}}
    async with session.post(url + "/chat/completions", json=body) as response:
        response.raise_for_status()
        async for line in response.content:
            if not line.startswith(b"data: ") or line.startswith(b"data: [DONE]"):
                continue
            event = json.loads(line[6:])
            usage = event.get("usage") or usage
            for choice in event.get("choices", ()):
                text.append(choice.get("delta", {}).get("content") or "")
    return "".join(text), usage


async def turn(pool, session, url, conversation, said):
    began = time.monotonic()
    past = await pool.fetch(HISTORY, conversation)
    messages = [{"role": "system", "content": "You are a helpful assistant."}]
    messages += [{"role": row["role"], "content": row["content"]} for row in reversed(past)]
    messages.append({"role": "user", "content": said})
    text, usage = await answer(session, url, messages)
    async with pool.acquire() as connection, connection.transaction():
        number, count = await connection.fetchrow(COUNTED, conversation)
        await connection.execute(SAID, conversation, number, said, text)
        await connection.execute(ENDED, conversation, count, usage.get("prompt_tokens", 0),
                                 usage.get("completion_tokens", 0), 1000 * (time.monotonic() - began))


async def main(database, url, conversations, turns, concurrency, prefix):
    queue = iter(range(conversations))

    async def work(pool, session):
        for number in queue:
            for count in range(turns):
                await turn(pool, session, url, f"{prefix}-{number}", f"Hello, this is message {count}.")

    async with asyncpg.create_pool(database, min_size=concurrency, max_size=concurrency) as pool:
        connector = aiohttp.TCPConnector(limit=concurrency)
        async with aiohttp.ClientSession(connector=connector) as session:
            began = time.monotonic()
            await asyncio.gather(*(work(pool, session) for _ in range(concurrency)))
            print(json.dumps({"messages": conversations * turns, "seconds": time.monotonic() - began}))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], *map(int, sys.argv[3:6]), sys.argv[6]))
