"""Executed with -c: the service gives the modules' texts on a descriptor, so that no file of ours has to be installed."""

import sys

# The directory that it was started in is no place for modules; -I, which sees to that, ignores the environment too.
sys.path[:] = [path for path in sys.path if path]

import builtins
import json
import marshal
import os
import types

# How the interpreter itself was to be started; not for the code of calls.
for name in ("PYTHONMALLOC", "LD_BIND_NOW"):
    os.environ.pop(name, None)

BUNDLE, LISTENING_FILTER, QUIET_FILTER = 4, 5, 6


def content(descriptor):
    with os.fdopen(descriptor, "rb") as file:
        return file.read()


def load(name, code):
    module = types.ModuleType(name)
    # Builtins of its own: those that a call changes are not ours.
    module.__builtins__ = dict(vars(builtins))
    sys.modules[name] = module
    exec(marshal.loads(code), module.__dict__)
    return module


bundle = json.loads(content(BUNDLE))
filters = content(LISTENING_FILTER), content(QUIET_FILTER)
(first, *others) = [
    (name, marshal.dumps(compile(text, f"{name}.py", "exec", dont_inherit=True))) for name, text in bundle["modules"]
]
sys.argv[:] = [""]
heap = load(*first)
heap.preload()
border = heap.pack_to_border()
for name, code in others:
    module = load(name, code)
for name, _ in bundle["modules"]:
    # The code of a call finds its own modules under these names, not ours.
    del sys.modules[name]
module.main(bundle["configuration"], filters, lambda: heap.settle(border))
