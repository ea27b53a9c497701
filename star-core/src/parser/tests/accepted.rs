//! Trees of valid source.

use super::check;

#[test]
fn simple_statements() {
    check("x = y = 1, *z\n", "assign x y = (tuple 1 *z)\n");
    check("x += yield_\nx **= 2; y //= 3;\n", "assign x += yield_\nassign x **= 2\nassign y //= 3\n");
    check(
        "x: int = 1\nx.y: list[int]\n(z): str\n",
        "annotate x: int = 1\nannotate (x .y): (list index int)\nannotate z: str\n",
    );
    check("del a, b[0], (c, d.e)", "del a (b index 0) (tuple c (d .e))\n");
    check(
        "assert a, 'b'\nraise\nraise a from b\nglobal a, b\npass",
        "assert a, \"b\"\nraise\nraise a from b\nglobal a b\npass\n",
    );
    check(
        "import a.b.c as d, e.f\nfrom a.b import (c as d,\n  match,)\n",
        "import \"a/b/c\" as d \"e/f\" binds e\nfrom \"a/b\" import \"c\" as d \"match\" binds match\n",
    );
}

#[test]
fn operators() {
    check("a or b and not not c == d", "(or a (and b (not not (compare c == d))))\n");
    check("a < b in c not in d is not e", "(compare a < b in c not in d is not e)\n");
    check("a | b ^ c & d << e + f * g", "(a | (b ^ (c & (d << (e + (f * g))))))\n");
    check("a - b - c\na ** b ** -c ** d", "((a - b) - c)\n(** a b (- (** c d)))\n");
    check("-~+x ** 2\n(-x) ** 2", "(- ~ + (** x 2))\n(** (- x) 2)\n");
    check("a if p else b if q else c", "(if a p b q c)\n");
    check(
        "lambda a, /, b=1, *c, d, **e: a if b else lambda: 0",
        "(lambda(/a b=1 *c !d **e) (if a b (lambda() 0)))\n",
    );
    check("f(x := 1, [y := 2])[z := 3]", "((f call (:= x 1) (list (:= y 2))) index (:= z 3))\n");
}

#[test]
fn displays_and_comprehensions() {
    check(
        "(), (1,), [1, *a], {1, 2}, {}, {1: 2, **a}",
        "(tuple (tuple) (tuple 1) (list 1 *a) (set 1 2) (dict) (dict 1:2 **a))\n",
    );
    check(
        "[x for x, in a if b if c for d in e]\n{x: y for x in z}\n{x for x in y}\n(x for x in y)\nf(x for x in y)",
        "(list-for x for (tuple x) in a if b if c for d in e)\n(dict-for x y for x in z)\n(set-for x for x in y)\n\
         (generator-for x for x in y)\n(f call (generator-for x for x in y))\n",
    );
}

#[test]
fn trailers() {
    check(
        "a.b[1:2, ::3, *c](d, *e, f=1, **g).match",
        "((((a .b) index (tuple (slice 1 2 _) (slice _ _ 3) *c)) call d *e f=1 **g) .match)\n",
    );
    check("f(open=1).open\nre.compile", "((f call open=1) .open)\n(re .compile)\n");
}

#[test]
fn numbers() {
    check(
        "0, 00_0, 1_000, 0xFF, 0b1_0, 0o17, 9223372036854775808",
        "(tuple 0 0 1000 255 2 15 9223372036854775808)\n",
    );
    check("1., .5, 1e3, 1_0.0_1e-2, 00.5, 09e1, 1e400", "(tuple 1.0 0.5 1000.0 0.1001 0.5 90.0 inf)\n");
    check("1if x else 2\n1..real", "(if 1 x 2)\n(1.0 .real)\n");
}

#[test]
fn strings() {
    check(
        r#"'a\x41\u00e9\U0001F600\N{BULLET}\101\q\
b'"#,
        "\"aAé😀•A\\\\qb\"\n",
    );
    check("r'\\n\\'' \"b\" '''c\r\nd\re'''", "\"\\\\n\\\\'bc\\nd\\ne\"\n");
    check(r"b'\xff\n' Rb'\n'", "b\"\\xff\\n\\\\n\"\n");
    check("'' ''''''", "\"\"\n");
}

#[test]
fn fstrings() {
    check(
        r#"f"a{x!r:>{w}.{p}}b" 'c' f'{{{y=}}}'"#,
        r#"(f "a" {x !r : ">" {w} "." {p}} "bc{y=" {y !r} "}")
"#,
    );
    check("f'{d['k']}' f'{f'{f'{1}'}'}'", "(f {(d index \"k\")} {(f {(f {1})})})\n");
    check("f'''{\nx # c\n!s}'''", "(f {x !s})\n");
    check(
        "f'{x = :d}' f'{a != b}' f'{(y := 1)}' f'{x:=5}'",
        "(f \"x = \" {x : \"d\"} {(compare a != b)} {(:= y 1)} {x : \"=5\"})\n",
    );
    check(r"rf'\{x}\n' f'\{x}\N{BULLET}'", "(f \"\\\\\" {x} \"\\\\n\\\\\" {x} \"•\")\n");
    check("f'' f'a'", "(f \"a\")\n");
}

#[test]
fn blocks() {
    check(
        "if a:\n  b\nelif c: d; e\nelse:\n  if f: g\n  else: h\ni",
        "if a\n  b\nelif c\n  d\n  e\nelse\n  if f\n    g\n  else\n    h\n  end\nend\ni\n",
    );
    check(
        "for a, *b in c, d:\n  break\nelse: pass\nwhile x: continue\n",
        "for (tuple a *b) in (tuple c d)\n  break\nelse\n  pass\nend\nwhile x\n  continue\nend\n",
    );
    check(
        "try:\n a\nexcept (b, c) as d: e\nexcept: f\nelse: g\nfinally: h\n",
        "try\n  a\nexcept (tuple b c) as d\n  e\nexcept\n  f\nelse\n  g\nfinally\n  h\nend\n",
    );
    check(
        "with a as b, c: d\nwith (a as b, c,): d\nwith (a, b) as c: d\nwith (yield_): d\nwith (a)(b): c",
        "with a as b c\n  d\nend\nwith a as b c\n  d\nend\nwith (tuple a b) as c\n  d\nend\nwith yield_\n  d\nend\nwith (a call b)\n  c\nend\n",
    );
}

#[test]
fn functions() {
    check(
        "@a\n@b.c(d)\ndef f(x: int, /, y=1, *, z: str = 2, **k) -> g:\n  'doc'\n  yield x\n",
        "def f(/x:int y=1 !z:str=2 **k) -> g decorators a ((b .c) call d) body 2 generator doc \"doc\"\n  \"doc\"\n  (yield x)\nend\n",
    );
    check("def f(): return *a, b\n", "def f() body 1\n  return (tuple *a b)\nend\n");
    check(
        "def f():\n  def g(): yield\n  return lambda: (yield from x)\n",
        "def f() body 4\n  def g() body 1 generator\n    (yield)\n  end\n  return (lambda() generator (yield from x))\nend\n",
    );
}

#[test]
fn soft_keywords() {
    check(
        "match = case = type = _ = 1\nmatch(x)\nmatch[x]: int\nprint(match, case)\nmatch.case\nmatch * x\ntype(x)\n",
        "assign match case type _ = 1\n(match call x)\nannotate (match index x): int\n(print call match case)\n(match .case)\n(match * x)\n(type call x)\n",
    );
    check(
        "match x, *y:\n case -1 | 'a' 'b' | None: pass\n case [a, *_] | (a, _): pass\n case {'k': v, m.n: 2, **r} if v: pass\n case P(1, q=P.r) as s: pass\n case a, b: pass\n case (_): pass\n",
        "match (tuple x *y)\n  case (| (- 1) \"ab\" is None)\n  pass\n  case (| [ $a *_ ] [ $a _ ])\n  pass\n  case { \"k\": $v (m .n): 2 **r } if v\n  pass\n  \
         case (as (P 1 q=== (P .r)) s)\n  pass\n  case [ $a $b ]\n  pass\n  case _\n  pass\nend\n",
    );
}

#[test]
fn lines() {
    check("x = (1,\n # c\n 2)\ny = a \\\n  + b\n", "assign x = (tuple 1 2)\nassign y = (a + b)\n");
    check("\u{feff}#!/usr/bin/env star\r\n\r\nx\r\ry\n", "x\ny\n");
    check("if a:\n\tb\n\n  # c\n\x0c\n\tc\nd", "if a\n  b\n  c\nend\nd\n");
    check("if a:\n  b # c\n# d\n  c\n", "if a\n  b\n  c\nend\n");
    check("", "");
    check("# nothing", "");
}

#[test]
fn names() {
    check(
        "naïve = ﬁ = 变量\nprint(__name__, __doc__, ____)\n",
        "assign naïve fi = 变量\n(print call __name__ __doc__ ____)\n",
    );
}
