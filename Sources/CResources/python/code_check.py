"""Compiles a module's text and says what is wrong with it, without executing it.

None of this holds hostile code: text that is built at run time passes it. It tells authors early, with line and column.
"""

import ast
import warnings

RESULT_NAME = "__result__"

FORBIDDEN_NAMES = frozenset(
    "open eval exec compile __import__ globals locals vars breakpoint input help exit quit __builtins__ __loader__ __spec__"
    .split()
)
FORBIDDEN_ATTRIBUTES = frozenset(
    """__class__ __bases__ __base__ __mro__ mro __subclasses__ __globals__ __code__ __closure__ __builtins__ __dict__
    __getattribute__ __import__ __loader__ __spec__ __self__ __func__ __wrapped__ __reduce__ __reduce_ex__ __init_subclass__
    __subclasshook__ __traceback__ tb_frame f_globals f_locals f_builtins f_back f_code gi_frame gi_code cr_frame cr_code
    ag_frame ag_code co_code""".split()
)


def compiled(source, name, is_script):
    """The code object of a module. A script keeps the value of its last line, if that is an expression."""
    tree = parsed(source, name)
    return compiled_tree(tree, name, is_script)


def parsed(source, name):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return compile(source, name, "exec", ast.PyCF_ONLY_AST, dont_inherit=True)


def compiled_tree(tree, name, is_script):
    flags = 0
    if is_script:
        flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        if tree.body and isinstance(tree.body[-1], ast.Expr):
            last = tree.body[-1]
            target = ast.copy_location(ast.Name(RESULT_NAME, ast.Store()), last)
            tree.body[-1] = ast.copy_location(ast.Assign([target], last.value), last)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return compile(tree, name, "exec", flags, dont_inherit=True, optimize=0)


def is_allowed(module, allowed):
    """Whether a module, or a package that it is in, is on the list."""
    if "*" in allowed or module in allowed:
        return True
    return any(module.startswith(name + ".") for name in allowed)


class Problems:
    def __init__(self, source):
        self.lines = source.split("\n")
        self.found = []

    def add(self, line, column, message):
        if len(self.found) < 100:
            self.found.append([max(1, line or 1), max(1, column or 1), message[:500]])

    def add_at(self, node, message):
        # A node's offset is in bytes of UTF-8.
        line = self.lines[node.lineno - 1] if node.lineno <= len(self.lines) else ""
        column = len(line.encode(errors="replace")[: node.col_offset].decode(errors="ignore")) + 1
        self.add(node.lineno, column, message)


def failure_of_parsing(error):
    """Line, column and message of what compile raises for a text that is no module."""
    if isinstance(error, SyntaxError):
        return error.lineno, error.offset, f"{type(error).__name__}: {error.msg}"
    if isinstance(error, (MemoryError, RecursionError)):
        return 1, 1, "SyntaxError: the text nests too deep"
    return 1, 1, f"SyntaxError: {error}"


def find_forbidden(tree, problems):
    """Constructs that safe mode refuses."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in FORBIDDEN_NAMES:
            problems.add_at(node, f"{node.id} is not allowed in safe mode")
        elif isinstance(node, ast.Attribute) and node.attr in FORBIDDEN_ATTRIBUTES:
            problems.add_at(node, f"the attribute {node.attr} is not allowed in safe mode")
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in FORBIDDEN_ATTRIBUTES:
            if node.value.startswith("__"):
                problems.add_at(node, f"the name {node.value} is not allowed in safe mode")


def find_denied_imports(tree, allowed, problems):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [name.name for name in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [("." * node.level) + (node.module or "")]
        else:
            continue
        for name in names:
            if not is_allowed(name, allowed):
                problems.add_at(node, f"import of {name} is not allowed; allowed are {described(allowed)}")


def described(allowed):
    return ", ".join(sorted(allowed)) or "none"


def find_entry_point(tree, name, problems):
    """The parameters of the function that is called, and whether it is asynchronous."""
    definitions = [
        node
        for node in tree.body
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name == name
    ]
    if not definitions:
        problems.add(1, 1, f"there is no function {name} at the top level: def {name}(…) or async def {name}(…)")
        return {"parameters": [], "takesAnyKeyword": False, "isAsync": False}
    definition = definitions[-1]
    arguments = definition.args
    if arguments.posonlyargs:
        missing = len(arguments.posonlyargs) - max(0, len(arguments.defaults) - len(arguments.args))
        if missing > 0:
            problems.add_at(definition, f"{name} has parameters that cannot be given by keyword")
    required = len(arguments.args) - len(arguments.defaults)
    parameters = [[argument.arg, index < required] for index, argument in enumerate(arguments.args)]
    parameters += [
        [argument.arg, default is None] for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults)
    ]
    return {
        "parameters": parameters,
        "takesAnyKeyword": arguments.kwarg is not None,
        "isAsync": isinstance(definition, ast.AsyncFunctionDef),
    }


def check(source, name, is_script, allowed, is_safe):
    """All that is wrong with a text, what its entry point takes, and the code object, or None."""
    problems = Problems(source)
    report = {"parameters": [], "takesAnyKeyword": False, "isAsync": False}
    code = None
    try:
        tree = parsed(source, f"<{name}>")
        find_denied_imports(tree, allowed, problems)
        if is_safe:
            find_forbidden(tree, problems)
        if not is_script:
            report = find_entry_point(tree, name, problems)
        code = compiled_tree(tree, f"<{name}>", is_script)
    except (SyntaxError, ValueError, MemoryError, RecursionError, UnicodeError) as error:
        problems.add(*failure_of_parsing(error))
    problems.found.sort(key=lambda problem: problem[:2])
    report["problems"] = problems.found
    return report, code
