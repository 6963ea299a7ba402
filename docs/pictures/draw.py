#!/usr/bin/env python3
"""Draws the pictures of the documentation.

    docs/pictures/draw.py            writes the pictures beside this file
    docs/pictures/draw.py --check    fails when one of them is not what this file draws

Text stands in filled boxes, or has a colour that can be read on a light and on a dark page.
"""
import sys
from pathlib import Path
from xml.sax.saxutils import escape

STYLE = """
    text { font-family: system-ui, 'DejaVu Sans', sans-serif; font-size: 13px; }
    .title { font-weight: 600; }
    .code { font-family: ui-monospace, 'DejaVu Sans Mono', monospace; font-size: 12px; }
    .box text { fill: #10202f; }
    .note { fill: #5f6b78; font-size: 12px; }
    .arrow { fill: none; stroke: #6b7a8a; stroke-width: 1.5; }
    .head { fill: #6b7a8a; }
    .frame { fill: none; stroke: #6b7a8a; stroke-width: 1.2; stroke-dasharray: 5 4; }
    @media (prefers-color-scheme: dark) { .note { fill: #a3afbb; } }
"""
COLOURS = {
    "client": ("#fdf0d5", "#c8871b"),
    "data": ("#d9f0dd", "#2f8f46"),
    "code": ("#dbe8fb", "#3a6fc4"),
    "outside": ("#ece3f7", "#8257b8"),
    "end": ("#e3e7eb", "#66727e"),
    "stop": ("#fbe0dc", "#c0472f"),
}
LINE = 17


class Box:
    def __init__(self, x, y, width, height):
        self.x, self.y, self.width, self.height = x, y, width, height

    def left(self, part=0.5):
        return (self.x, self.y + self.height * part)

    def right(self, part=0.5):
        return (self.x + self.width, self.y + self.height * part)

    def top(self, part=0.5):
        return (self.x + self.width * part, self.y)

    def bottom(self, part=0.5):
        return (self.x + self.width * part, self.y + self.height)


class Picture:
    """A picture is shapes in the order in which they are drawn."""

    def __init__(self, name, width, height, description):
        self.name, self.width, self.height, self.description = name, width, height, description
        self.shapes = []

    def box(self, x, y, width, height, kind, title, *lines):
        """A box with a title and lines; a line that begins with a space is code."""
        fill, stroke = COLOURS[kind]
        rows = [(title, "title")] + [(text.strip(), "code" if text.startswith(" ") else "") for text in lines]
        top = y + height / 2 - LINE * (len(rows) - 1) / 2 + 4.5
        parts = [f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="7" fill="{fill}" stroke="{stroke}"/>']
        for index, (text, style) in enumerate(rows):
            parts.append(
                f'<text class="{style}" x="{x + width / 2:g}" y="{top + LINE * index:g}" text-anchor="middle">'
                f"{escape(text)}</text>"
            )
        self.shapes.append('<g class="box">' + "".join(parts) + "</g>")
        return Box(x, y, width, height)

    def frame(self, x, y, width, height, title):
        self.shapes.append(f'<rect class="frame" x="{x}" y="{y}" width="{width}" height="{height}" rx="10"/>')
        self.note(x + 12, y + 19, title)

    def note(self, x, y, *lines, anchor="start"):
        for index, text in enumerate(lines):
            style = "note code" if text.startswith(" ") else "note"
            self.shapes.append(
                f'<text class="{style}" x="{x:g}" y="{y + 15 * index:g}" text-anchor="{anchor}">{escape(text.strip())}</text>'
            )

    def arrow(self, *points, both=False):
        """A line through points, with a head at its end; with both, one at its beginning as well."""
        path = "M" + " L".join(f"{x:g},{y:g}" for x, y in points)
        self.shapes.append(f'<path class="arrow" d="{path}"/>')
        self.head(points[-2], points[-1])
        if both:
            self.head(points[1], points[0])

    def head(self, start, end):
        (x0, y0), (x, y) = start, end
        length = ((x - x0) ** 2 + (y - y0) ** 2) ** 0.5
        dx, dy = (x - x0) / length, (y - y0) / length
        corners = [(x, y), (x - 9 * dx + 4 * dy, y - 9 * dy - 4 * dx), (x - 9 * dx - 4 * dy, y - 9 * dy + 4 * dx)]
        self.shapes.append('<path class="head" d="M' + " L".join(f"{a:.1f},{b:.1f}" for a, b in corners) + ' Z"/>')

    def svg(self):
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width} {self.height}" '
            f'width="{self.width}" height="{self.height}" role="img">\n'
            f"<title>{escape(self.description)}</title>\n<style>{STYLE}</style>\n" + "\n".join(self.shapes) + "\n</svg>\n"
        )


def message():
    p = Picture("message", 1000, 520, "The way of a message: from submit() through a worker's turn to the events")
    clients = p.box(24, 44, 190, 92, "client", "Clients", " agentctl send", " SELECT submit(…)", "in any transaction")
    database = p.box(
        24, 196, 190, 144, "data", "PostgreSQL", "conversation_control", "submission · message", "turn · step · tool_call",
        "approval · event"
    )
    followers = p.box(24, 400, 190, 76, "client", "Followers", " agentctl events", " events(), reply()")
    p.frame(360, 20, 400, 476, "A worker: any number of them, on any number of hosts")
    claim = p.box(380, 56, 360, 60, "code", "Dispatcher", " claim() → ClaimedSubmission")
    registry = p.box(380, 148, 360, 60, "code", "AgentRegistry", " agent_parts() → Agent, cached by epoch")
    turn = p.box(380, 240, 170, 108, "code", "Turn", "model and tools,", "round by round,", "until there is a reply")
    model = p.box(590, 240, 150, 44, "code", "ModelCall")
    tools = p.box(590, 304, 150, 60, "code", "ToolRound", "policy, then tools")
    finish = p.box(380, 410, 360, 60, "code", "TurnProcessor", " finish_and_claim(): one commit")
    api = p.box(824, 234, 152, 56, "outside", "Model", "Chat Completions")
    effects = p.box(824, 304, 152, 60, "outside", "Tools", "sandbox, HTTP, SQL")
    approver = p.box(824, 410, 152, 60, "client", "Approver", " approve(), deny()")
    p.arrow(clients.bottom(), database.top())
    p.note(130, 171, "1 submit()")
    p.arrow(database.right(0.12), (238, 213.28), (238, 86), claim.left())
    p.note(246, 78, "2 lease, history")
    p.arrow(claim.bottom(), registry.top())
    p.arrow(registry.bottom(0.236), turn.top())
    p.note(473, 229, "3")
    p.arrow(turn.right(0.2), model.left(), both=True)
    p.note(562, 256, "4")
    p.arrow(turn.right(0.87), tools.left(), both=True)
    p.note(562, 328, "5")
    p.arrow(model.right(), api.left(), both=True)
    p.arrow(tools.right(), effects.left(), both=True)
    p.arrow(turn.left(0.5), (database.right()[0], 294))
    p.note(224, 285, "6 save_progress():")
    p.note(224, 311, "an unsafe call,")
    p.note(224, 326, "or an approval")
    p.arrow(turn.bottom(), finish.top(0.236))
    p.arrow(finish.left(), (238, 440), (238, 334), (database.right()[0], 334))
    p.note(246, 431, "7 the turn,")
    p.note(246, 457, "the next claim")
    p.arrow(database.bottom(), followers.top())
    p.note(130, 373, "8 events")
    p.arrow(approver.bottom(), (900, 510), (10, 510), (10, 268), database.left())
    return p


def conversation_states():
    p = Picture("conversation-states", 900, 420, "The states of a conversation and what changes them")
    idle = p.box(30, 60, 150, 66, "end", "idle", "nothing to do")
    ready = p.box(350, 60, 160, 66, "data", "ready", "can be claimed")
    running = p.box(710, 60, 166, 66, "code", "running", "a worker has the lease")
    waiting = p.box(350, 320, 160, 76, "client", "waiting", "for an approval,", "until wake_at")
    parked = p.box(30, 320, 160, 76, "stop", "parked", "a call is in doubt")
    p.arrow(idle.right(), ready.left())
    p.note(265, 84, "submit()", anchor="middle")
    p.arrow(ready.right(0.3), running.left(0.3))
    p.note(610, 73, "claim()", anchor="middle")
    p.arrow(running.left(0.75), ready.right(0.75))
    p.note(610, 128, "finish(), more was submitted", anchor="middle")
    p.note(610, 144, "release(), the worker gave it back", anchor="middle")
    p.note(610, 160, "reap(), the worker was lost", anchor="middle")
    p.arrow(running.top(), (793, 28), (105, 28), idle.top())
    p.note(450, 20, "finish(), nothing more was submitted", anchor="middle")
    p.arrow(running.bottom(0.35), (768, 340), waiting.right(0.26))
    p.note(640, 331, "a policy or a guardrail asks", anchor="middle")
    p.arrow(running.bottom(0.7), (826, 412), (110, 412), parked.bottom())
    p.note(640, 405, "a call is in doubt", anchor="middle")
    p.note(760, 240, "both by save_progress()", anchor="end")
    p.arrow(waiting.top(), ready.bottom())
    p.note(438, 200, "approve(), deny()")
    p.note(438, 216, "wake(), the approval expired")
    p.note(438, 232, "interrupt()")
    p.arrow(parked.top(), (110, 180), (382, 180), ready.bottom(0.2))
    p.note(118, 200, "resolve_tool_call()")
    p.note(118, 216, "interrupt()")
    return p


def tool_call_states():
    p = Picture("tool-call-states", 920, 400, "The states of a tool call and what changes them")
    planned = p.box(30, 150, 170, 76, "data", "planned", "the model asked for it,", "nothing has happened")
    started = p.box(370, 150, 170, 76, "code", "started", "the intent is stored,", "it may have happened")
    succeeded = p.box(710, 40, 170, 60, "end", "succeeded", "it returned a result")
    failed = p.box(710, 158, 170, 60, "end", "failed", "it returned an error")
    doubt = p.box(370, 310, 170, 64, "stop", "in_doubt", "an operator decides")
    denied = p.box(30, 310, 170, 64, "end", "denied", "it does not run")
    p.arrow(planned.right(), started.left())
    p.note(285, 181, "unsafe:", anchor="middle")
    p.note(285, 205, "save_progress()", anchor="middle")
    p.arrow(planned.top(), (115, 60), succeeded.left(0.33))
    p.note(125, 52, "pure, idempotent, sql: no intent is stored; after a crash it runs again")
    p.arrow(started.top(), (455, 84), succeeded.left(0.73))
    p.note(465, 102, "its result")
    p.arrow(started.right(), failed.left())
    p.note(625, 181, "its error", anchor="middle")
    p.arrow(started.bottom(), doubt.top())
    p.note(465, 262, "the worker was lost, or the call was killed")
    p.arrow(planned.bottom(), denied.top())
    p.note(122, 255, "by a policy,")
    p.note(122, 271, "an approver,")
    p.note(122, 287, "or no decision")
    p.arrow(doubt.right(0.3), (795, 329.2), failed.bottom())
    p.note(560, 321, "did_not_happen")
    p.arrow(doubt.right(0.75), (904, 358), (904, 70), succeeded.right())
    p.note(560, 374, "happened")
    p.arrow(doubt.left(), (260, 342), (260, 216), planned.right(0.87))
    p.note(268, 298, "run_again")
    p.note(560, 346, "resolve_tool_call():")
    return p


def roles():
    p = Picture("roles", 900, 464, "The roles and what each may do")
    owner = p.box(20, 20, 230, 56, "client", "agentctl_owner", "operators")
    client = p.box(20, 94, 230, 56, "client", "agentctl_client", "applications, users")
    worker = p.box(20, 168, 230, 56, "code", "agentctl_worker", "agentctl work")
    reader = p.box(20, 242, 230, 56, "client", "agentctl_reader", "dashboards, auditors")
    query = p.box(20, 316, 230, 56, "outside", "agentctl_query", "code of functions, sql_query")
    approver = p.box(20, 390, 230, 56, "client", "agentctl_approver", "who decides for others")
    decisions = p.box(380, 390, 250, 56, "end", "decisions", "approve(), deny(), approvals")
    everything = p.box(380, 20, 250, 56, "end", "every function and table", "register(), import_conversation() …")
    operations = p.box(380, 94, 250, 56, "end", "operations", "submit(), undo(), events() …")
    engine = p.box(380, 168, 250, 56, "end", "the engine's functions", "claim(), finish(), heartbeat() …")
    views = p.box(380, 242, 250, 56, "end", "views", "agents, turn_trace, …_metrics")
    own = p.box(380, 316, 250, 56, "end", "your own tables", "what you grant to the role")
    tables = p.box(740, 94, 140, 204, "data", "the tables", "the owner and", "functions write", "them; workers", "read them")
    p.arrow(owner.right(), everything.left())
    p.arrow(client.right(), operations.left())
    p.note(315, 114, "its own", anchor="middle")
    p.note(315, 138, "conversations", anchor="middle")
    p.arrow(worker.right(), engine.left())
    p.arrow(reader.right(), views.left())
    p.arrow(query.right(), own.left())
    p.arrow(approver.right(), decisions.left())
    p.note(315, 410, "what others", anchor="middle")
    p.note(315, 434, "asked for", anchor="middle")
    p.arrow(everything.right(), (810, 48), tables.top())
    p.arrow(operations.right(), (740, 122))
    p.arrow(engine.right(), (740, 196))
    p.note(685, 188, "under a lease", anchor="middle")
    p.arrow((740, 270), views.right())
    return p


def memory():
    p = Picture("memory", 1000, 380, "The way of a memory: who writes it, how it is found, shown and forgotten")
    people = p.box(24, 30, 210, 60, "client", "People, programs", " remember()")
    model = p.box(24, 110, 210, 60, "outside", "The model", "tool remember")
    rule = p.box(24, 190, 210, 60, "code", "A turn that ends", "store: rule")
    rows = p.box(330, 76, 220, 128, "data", "memory", "scope · content · terms", "trust · importance", "version · source")
    stone = p.box(330, 290, 220, 60, "stop", "memory_tombstone", "a keyed hash")
    find = p.box(640, 30, 330, 60, "code", "turn_memories()", "scopes that the conversation sees")
    prompt = p.box(640, 130, 330, 76, "outside", "The request", "instructions · earlier turns", "<memory> … </memory> message")
    shown = p.box(640, 290, 330, 60, "data", "shown", "which version stood before which turn")
    p.arrow(people.right(), (330, 108))
    p.arrow(model.right(), rows.left())
    p.arrow(rule.right(), (330, 172))
    p.arrow((550, 108), (595, 108), (595, 60), find.left())
    p.note(604, 110, "words by rarity")
    p.arrow(find.bottom(), prompt.top())
    p.note(815, 116, "relevance, trust, budget")
    p.arrow(prompt.bottom(), shown.top())
    p.note(815, 255, "in the turn's own commit")
    p.arrow(rows.bottom(), stone.top())
    p.note(450, 255, "forget()")
    p.arrow(stone.left(), (129, 320), rule.bottom())
    p.note(139, 310, "nothing comes back by itself")
    return p


def main():
    folder = Path(__file__).resolve().parent
    different = []
    for picture in [message(), conversation_states(), tool_call_states(), roles(), memory()]:
        path = folder / f"{picture.name}.svg"
        if "--check" in sys.argv[1:]:
            if not path.exists() or path.read_text() != picture.svg():
                different.append(path.name)
        else:
            path.write_text(picture.svg())
    for name in different:
        print(f"docs/pictures/{name}")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
