#!/usr/bin/env python3
"""The same turns as a graph of one node, with LangGraph's checkpointer in PostgreSQL.

graph.py DATABASE MODEL_URL CONVERSATIONS TURNS CONCURRENCY PREFIX      prints {"messages": n, "seconds": s}
"""
import asyncio
import json
import sys
import time

import aiohttp
from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver
from langgraph.graph import END, START, MessagesState, StateGraph
from psycopg.rows import dict_row
from psycopg_pool import AsyncConnectionPool

from service import answer

ROLES = {"human": "user", "ai": "assistant"}


def graph(session, url, saver):
    async def ask(state):
        messages = [{"role": "system", "content": "You are a helpful assistant."}]
        messages += [{"role": ROLES[message.type], "content": message.content} for message in state["messages"]]
        text, _ = await answer(session, url, messages)
        return {"messages": [("assistant", text)]}

    builder = StateGraph(MessagesState)
    builder.add_node("ask", ask)
    builder.add_edge(START, "ask")
    builder.add_edge("ask", END)
    return builder.compile(checkpointer=saver)


async def main(database, url, conversations, turns, concurrency, prefix):
    queue = iter(range(conversations))

    async def work(app):
        for number in queue:
            config = {"configurable": {"thread_id": f"{prefix}-{number}"}}
            for count in range(turns):
                await app.ainvoke({"messages": [("user", f"Hello, this is message {count}.")]}, config)

    options = {"autocommit": True, "prepare_threshold": 0, "row_factory": dict_row}
    async with AsyncConnectionPool(database, min_size=concurrency, max_size=concurrency, kwargs=options) as pool:
        saver = AsyncPostgresSaver(pool)
        await saver.setup()
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=concurrency)) as session:
            app = graph(session, url, saver)
            began = time.monotonic()
            await asyncio.gather(*(work(app) for _ in range(concurrency)))
            print(json.dumps({"messages": conversations * turns, "seconds": time.monotonic() - began}))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], *map(int, sys.argv[3:6]), sys.argv[6]))
