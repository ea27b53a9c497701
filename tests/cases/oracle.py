"""Runs one case file under CPython as star would run it.

    python3.13 oracle.py FILE.star

In: a star program that keeps to what CPython and star share, plus `struct`,
`error`, `with` on generators and the automatic call of `main`, which this file
supplies. Out, on standard output: what the program prints; if it ends with an
uncaught exception, a line `--- stderr` and the traceback with the file called
`<case>`, caret lines and frames of this file removed. A program CPython
refuses to compile prints `--- stderr` and the exception's type only.

A case that uses what star refuses (class, dunders, ...) fails here with exit
status 2 rather than giving an output. So does an import: only the cases in
tests/modules may import, and only the modules that have a folder there.

A file whose second line is `# oracle: ordered sets` sees sets and frozensets
that keep insertion order, as star's do.
"""

import __future__
import ast
import builtins
import contextlib
import inspect
import io
import linecache
import re
import sys
import traceback
import types
import warnings
from pathlib import Path

CASE = "<case>"

BUILTINS = """
abs all any ascii bin bool bytes callable chr dict divmod enumerate filter float
format frozenset getattr hasattr hash hex id int isinstance iter len list map max
min next oct ord pow print range repr reversed round set slice sorted str sum
tuple type zip
""".split()

# star's own builtins that no case may call; their names still take part in
# the suggestions of a NameError.
UNUSABLE = "require go chan select parallel must attempt help".split()


class Refused(Exception):
    """The case uses something that star refuses."""


# --- struct and error -------------------------------------------------------


class struct:
    def __init__(self, **fields):
        self.__dict__.update(fields)

    def __repr__(self):
        fields = ", ".join(f"{k}={v!r}" for k, v in self.__dict__.items())
        return f"{type(self).__name__}({fields})"

    def __eq__(self, other):
        if type(other) is not type(self):
            return NotImplemented
        return list(self.__dict__.items()) == list(other.__dict__.items())

    __hash__ = None

    @staticmethod
    def define(name, **defaults):
        def init(self, **fields):
            for key in fields:
                if key not in defaults:
                    raise TypeError(f"{name}() got an unexpected keyword argument '{key}'")
            self.__dict__.update(defaults)
            self.__dict__.update(fields)

        return type(name, (struct,), {"__init__": init, "__hash__": None})


def error(name, base=Exception):
    return type(name, (base,), {"__module__": "__main__"})


# --- with on generators -----------------------------------------------------


def with_item(value):
    if isinstance(value, types.GeneratorType):
        return contextlib._GeneratorContextManager(lambda: value, (), {})
    return value


# --- sets in insertion order ------------------------------------------------


def ordered(base, name):
    def make(cls, items=()):
        return base.__new__(cls, ()) if base is set else base.__new__(cls, dict.fromkeys(items))

    def order(self):
        return self.__dict__["order"]

    def init(self, items=()):
        self.order = dict.fromkeys(items)
        if base is set:
            base.clear(self)
            base.update(self, self.order)

    def show(self):
        inner = ", ".join(map(repr, self.order))
        if base is frozenset:
            return f"frozenset({{{inner}}})" if inner else "frozenset()"
        return f"{{{inner}}}" if inner else "set()"

    def union(self, *others):
        return cls([*self, *(x for o in others for x in o)])

    def intersection(self, *others):
        others = [set(o) for o in others]
        return cls(x for x in self if all(x in o for o in others))

    def difference(self, *others):
        others = [set(o) for o in others]
        return cls(x for x in self if not any(x in o for o in others))

    def symmetric_difference(self, other):
        other = dict.fromkeys(other)
        return cls([*(x for x in self if x not in other), *(x for x in other if x not in self)])

    def add(self, item):
        self.order.setdefault(item)
        base.add(self, item)

    def discard(self, item):
        self.order.pop(item, None)
        base.discard(self, item)

    def remove(self, item):
        base.remove(self, item)
        self.order.pop(item, None)

    def update(self, *others):
        for other in others:
            for item in list(other):
                add(self, item)

    def operator(method):
        def apply(self, other):
            if not isinstance(other, (set, frozenset)):
                return NotImplemented
            return method(self, other)

        return apply

    def inplace(self, other):
        update(self, other)
        return self

    body = {
        "__new__": make,
        "__init__": init,
        "__repr__": show,
        "__iter__": lambda self: iter(self.order),
        "union": union,
        "intersection": intersection,
        "difference": difference,
        "symmetric_difference": symmetric_difference,
        "copy": lambda self: cls(self),
        "__or__": operator(union),
        "__and__": operator(intersection),
        "__sub__": operator(difference),
        "__xor__": operator(symmetric_difference),
    }
    if base is set:
        body |= {"add": add, "discard": discard, "remove": remove, "update": update, "__ior__": inplace}
        body["__hash__"] = None
    cls = type(name, (base,), body)
    return cls


# --- running ----------------------------------------------------------------


class Rewrite(ast.NodeTransformer):
    """Wraps the items of `with`, and set displays if sets are to be ordered."""

    def __init__(self, ordered_sets):
        self.ordered_sets = ordered_sets

    def call(self, name, argument):
        function = ast.copy_location(ast.Name(name, ast.Load()), argument)
        return ast.copy_location(ast.Call(function, [argument], []), argument)

    def visit_withitem(self, node):
        self.generic_visit(node)
        node.context_expr = self.call("@with", node.context_expr)
        return node

    def visit_Set(self, node):
        self.generic_visit(node)
        if not self.ordered_sets:
            return node
        return self.call("@set", ast.copy_location(ast.List(node.elts, ast.Load()), node))

    def visit_SetComp(self, node):
        self.generic_visit(node)
        if not self.ordered_sets:
            return node
        return self.call("@set", ast.copy_location(ast.ListComp(node.elt, node.generators), node))


def modules_for(path):
    """The modules that the case at `path` may import."""
    folder = Path(path).resolve().parent.parent
    return {f.name for f in folder.iterdir()} if folder.name == "modules" else set()


def imported(node):
    """The modules that a statement imports."""
    if isinstance(node, ast.Import):
        return [item.name for item in node.names]
    if isinstance(node, ast.ImportFrom):
        return [f"{node.module}.{item.name}" if node.module == "urllib" else node.module for item in node.names]
    return []


def refuse(tree, modules):
    kinds = (
        ast.ClassDef, ast.AsyncFunctionDef, ast.AsyncFor, ast.AsyncWith, ast.Await,
        ast.TypeAlias, ast.TryStar,
    )
    for node in ast.walk(tree):
        if isinstance(node, kinds):
            raise Refused(f"line {node.lineno}: {type(node).__name__}")
        for name in imported(node):
            if name not in modules:
                raise Refused(f"line {node.lineno}: import of {name}")
        if isinstance(node, ast.comprehension) and node.is_async:
            raise Refused("async comprehension")
        if isinstance(node, ast.Constant) and (node.kind == "u" or isinstance(node.value, complex)):
            raise Refused(f"line {node.lineno}: literal {node.value!r}")
        name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
        if name.startswith("__") and name.endswith("__") and name not in ("__name__", "__doc__"):
            raise Refused(f"line {node.lineno}: {name}")


def uses_main(node):
    """Whether the statements outside function bodies read the name `main`."""
    if isinstance(node, ast.Name):
        return node.id == "main"
    if isinstance(node, ast.FunctionDef):
        children = [*node.decorator_list, *node.args.defaults, *filter(None, node.args.kw_defaults)]
    elif isinstance(node, ast.Lambda):
        children = [*node.args.defaults, *filter(None, node.args.kw_defaults)]
    else:
        children = ast.iter_child_nodes(node)
    return any(uses_main(child) for child in children)


def wants_main_called(tree, scope):
    main = scope.get("main")
    if not isinstance(main, types.FunctionType) or uses_main(tree):
        return False
    empty = inspect.Parameter.empty
    star = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    parameters = inspect.signature(main).parameters.values()
    return all(p.default is not empty or p.kind in star for p in parameters)


def builtins_of_star(ordered_sets):
    names = {name: getattr(builtins, name) for name in BUILTINS}
    for name, value in vars(builtins).items():
        if isinstance(value, type) and issubclass(value, BaseException):
            if "Group" not in name:
                names[name] = value
    for name in UNUSABLE:
        names[name] = None
    # Keywords, but the suggestions of a NameError know them as builtins too.
    names |= {"True": True, "False": False, "None": None}
    # C code that loads a module on demand looks here; `refuse` keeps cases from it.
    names["__import__"] = __import__
    names |= {"struct": struct, "error": error, "@with": with_item}
    if ordered_sets:
        names["set"] = names["@set"] = ordered(set, "set")
        names["frozenset"] = ordered(frozenset, "frozenset")
    return names


def without_shim(tb):
    """The traceback without the frames of this file and of contextlib."""
    while tb is not None and tb.tb_frame.f_code.co_filename != CASE:
        tb = tb.tb_next
    if tb is not None:
        tb.tb_next = without_shim(tb.tb_next)
    return tb


def report(exception):
    seen, todo = set(), [exception]
    while todo:
        e = todo.pop()
        if e is None or id(e) in seen:
            continue
        seen.add(id(e))
        e.__traceback__ = without_shim(e.__traceback__)
        todo += [e.__cause__, e.__context__]
    lines = "".join(traceback.format_exception(exception)).splitlines()
    return "\n".join(line for line in lines if not re.fullmatch(r"[ ~^]*[~^]", line))


def run(path):
    """Runs the case; returns what to print after its own output."""
    source = open(path, "rb").read()
    text = io.StringIO(source.decode("utf-8-sig", "replace"), newline=None).read()
    lines = [line + "\n" for line in text.split("\n")]
    linecache.cache[CASE] = (len(source), None, lines, CASE)
    ordered_sets = len(lines) > 1 and lines[1] == "# oracle: ordered sets\n"

    try:
        tree = compile(source, CASE, "exec", ast.PyCF_ONLY_AST, dont_inherit=True)
        refuse(tree, modules_for(path))
        # Annotations are never evaluated.
        flag = __future__.annotations.compiler_flag
        rewritten = ast.fix_missing_locations(Rewrite(ordered_sets).visit(tree))
        code = compile(rewritten, CASE, "exec", flag, dont_inherit=True)
    except SyntaxError as e:
        return f"--- stderr\n{type(e).__name__}\n"

    module = types.ModuleType("__main__")
    scope = {"__name__": "__main__", "__doc__": None, "__builtins__": builtins_of_star(ordered_sets)}
    try:
        # This file's frames do not count towards the limit.
        sys.setrecursionlimit(1000 + len(inspect.stack(0)))
        exec(code, scope)
        if wants_main_called(tree, scope):
            scope["main"]()
    except SystemExit as e:
        if e.code is None or isinstance(e.code, int):
            return ""
        return f"--- stderr\n{e.code}\n"
    except BaseException as e:
        sys.setrecursionlimit(10_000)
        return f"--- stderr\n{report(e)}\n"
    return ""


def main():
    warnings.simplefilter("ignore")
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    try:
        rest = run(sys.argv[1])
    except Refused as e:
        sys.exit(print(f"refused by star: {e}", file=sys.stderr) or 2)
    print(rest, end="")


if __name__ == "__main__":
    main()
