//! Control flow by its listings. Every way through these programs was also run against CPython.

use super::{check_code, check_error};

#[test]
fn a_loop_takes_one_jump_a_round() {
    check_code(
        "def f(a):\n    for x in a:\n        if x > 3: break\n        if x: continue\n        while x < 3:\n            x += 1\n",
        "0 GetIter d=r2 a=r0
         1 ForIter r=r2 d=r1 -> 8
         2 JumpIfGtInt a=r1 3 -> 8
         3 JumpIfTrue a=r1 -> 1
         4 JumpUnlessLtInt a=r1 3 -> 7
         5 AddInt d=r1 a=r1 1 (in place)
         6 JumpIfLtInt a=r1 3 -> 5
         7 ForNext r=r2 d=r1 -> 2
         8 ReturnNone",
    );
}

#[test]
fn a_loop_of_the_top_level_does_not_look_ahead() {
    check_code(
        "while x:\n    if y: break\nelse:\n    z\n",
        "0 LoadGlobal d=r0 slot=0 ; x
         1 JumpIfFalse a=r0 -> 6
         2 LoadGlobal d=r0 slot=1 ; y
         3 JumpIfFalse a=r0 -> 5
         4 Jump -> 8
         5 Jump -> 0
         6 LoadGlobal d=r0 slot=2 ; z
         7 ExprValue a=r0",
    );
}

#[test]
fn finally_is_emitted_once() {
    check_code(
        "def f():\n    for x in y:\n        try:\n            if x: break\n            return g()\n        finally:\n            h()\n",
        "0 LoadGlobal d=r1 slot=0 ; y
         1 GetIter d=r1 a=r1
         2 ForIter r=r1 d=r0 -> 15
         3 JumpIfFalse a=r0 -> 6
         4 LoadInt d=r4 1
         5 Jump -> 9
         6 CallGlobal d=r5 base=r6 argc=0 slot=1 ; g
         7 LoadInt d=r4 3
         8 Jump -> 9
         9 CallGlobal d=r6 base=r6 argc=0 slot=2 (dropped) ; h
         10 JumpIfEqInt a=r4 1 -> 15
         11 JumpIfEqInt a=r4 3 -> 14
         12 Rethrow a=r4
         13 Jump -> 15
         14 Return a=r5
         15 ReturnNone
         except 3..9 -> 9 in r4
         finally 3..9 -> 9 in r4
         handling 9..10: r4",
    );
}

#[test]
fn the_name_of_a_handler_is_unbound_on_every_way_out() {
    check_code(
        "def f():\n    try:\n        g()\n    except E as e:\n        return e\n    return 1\n",
        "0 CallGlobal d=r2 base=r2 argc=0 slot=0 (dropped) ; g
         1 Jump -> 11
         2 LoadGlobal d=r2 slot=1 ; E
         3 JumpUnlessMatch a=r1 b=r2 -> 10
         4 Move d=r0 a=r1
         5 Move d=r2 a=r0
         6 LoadUndef d=r0
         7 Return a=r2
         8 LoadUndef d=r0
         9 Rethrow a=r1
         10 Rethrow a=r1
         11 LoadInt d=r1 1
         12 Return a=r1
         except 0..1 -> 2 in r1
         finally 5..8 -> 8 in r1
         handling 2..11: r1",
    );
}

#[test]
fn with_exits_outside_its_own_range() {
    check_code(
        "def f():\n    with a as b, c:\n        return b\n",
        "0 LoadGlobal d=r1 slot=0 ; a
         1 WithEnter d=r0 a=r1
         2 LoadGlobal d=r3 slot=1 ; c
         3 WithEnter d=r5 a=r3
         4 Move d=r5 a=r0
         5 WithExit a=r3
         6 WithExit a=r1
         7 Return a=r5
         8 WithCatch d=r5 a=r3 b=r4
         9 JumpIfTrue a=r5 -> 11
         10 Rethrow a=r4
         11 WithExit a=r1
         12 Jump -> 16
         13 WithCatch d=r3 a=r1 b=r2
         14 JumpIfTrue a=r3 -> 16
         15 Rethrow a=r2
         16 ReturnNone
         finally 4..5 -> 8 in r4
         finally 2..6 -> 13 in r2
         finally 8..11 -> 13 in r2
         handling 8..9: r4
         handling 13..14: r2",
    );
}

#[test]
fn names_of_a_pattern_are_bound_when_all_of_it_matched() {
    check_code(
        "def f(x):\n    match x:\n        case [1, a] if a: return a\n        case {'k': b, **c}: return b\n        case P(d, e=None): return d\n",
        "0 Move d=r5 a=r0
         1 JumpUnlessSequence a=r5 count=2 -> 8
         2 SequenceItem d=r7 a=r5 i=0
         3 JumpIfNeInt a=r7 1 -> 8
         4 SequenceItem d=r6 a=r5 i=1
         5 Move d=r1 a=r6
         6 JumpIfFalse a=r1 -> 8
         7 Return a=r1
         8 JumpUnlessMapping a=r5 count=1 -> 18
         9 LoadConst d=r8 k=0 ; \"k\"
         10 MappingItem d=r6 a=r5 b=r8
         11 JumpIfUndef a=r6 -> 18
         12 LoadConst d=r9 k=0 ; \"k\"
         13 MappingRest d=r8 a=r5 b=r9 count=1
         14 Move d=r7 a=r8
         15 Move d=r2 a=r6
         16 Move d=r3 a=r7
         17 Return a=r2
         18 LoadGlobal d=r7 slot=0 ; P
         19 JumpUnlessInstance a=r5 b=r7 count=1 -> 27
         20 ClassItem d=r6 a=r5 b=r7 i=0
         21 JumpIfUndef a=r6 -> 27
         22 ClassAttr d=r8 a=r5 name=0 ; .e
         23 JumpIfUndef a=r8 -> 27
         24 JumpIfNotNone a=r8 -> 27
         25 Move d=r4 a=r6
         26 Return a=r4
         27 ReturnNone",
    );
}

#[test]
fn locals_are_checked_where_they_may_be_unbound() {
    check_code(
        "def f(a):\n    if a: x = 1\n    else: x = 2\n    for y in a: pass\n    try: z = 1\n    except E: z = 2\n    while a: w = 1\n    return x, y, z, w\n",
        "0 JumpIfFalse a=r0 -> 3
         1 LoadInt d=r1 1
         2 Jump -> 4
         3 LoadInt d=r1 2
         4 GetIter d=r5 a=r0
         5 ForIter r=r5 d=r2 -> 7
         6 ForNext r=r5 d=r2 -> 6
         7 LoadInt d=r3 1
         8 Jump -> 14
         9 LoadGlobal d=r6 slot=0 ; E
         10 JumpUnlessMatch a=r5 b=r6 -> 13
         11 LoadInt d=r3 2
         12 Jump -> 14
         13 Rethrow a=r5
         14 JumpIfFalse a=r0 -> 17
         15 LoadInt d=r4 1
         16 JumpIfTrue a=r0 -> 15
         17 Move d=r6 a=r1
         18 CheckBound a=r2 ; y
         19 Move d=r7 a=r2
         20 Move d=r8 a=r3
         21 CheckBound a=r4 ; w
         22 Move d=r9 a=r4
         23 BuildTuple d=r5 b=r6 count=4
         24 Return a=r5
         except 7..8 -> 9 in r5
         handling 9..14: r5",
    );
}

#[test]
fn names_are_declared_as_in_python() {
    check_error("def f():\n    x = 1\n    global x\n", "name 'x' is assigned to before global declaration");
    check_error("def f():\n    x\n    global x\n", "name 'x' is used prior to global declaration");
    check_error("def f(x):\n    global x\n", "name 'x' is parameter and global");
    check_error("def f():\n    nonlocal x\n", "no binding for nonlocal 'x' found");
    check_error(
        "def f():\n    global x\n    def g():\n        nonlocal x\n",
        "no binding for nonlocal 'x' found",
    );
    check_error("def f():\n    x: int = 1\n    global x\n", "annotated name 'x' can't be global");
    check_error(
        "def f(x):\n    def g():\n        nonlocal x\n        global x\n",
        "name 'x' is nonlocal and global",
    );
}

#[test]
fn walrus_stays_out_of_iteration_variables() {
    let message = "assignment expression cannot rebind comprehension iteration variable 'x'";
    check_error("[x := 1 for x in y]\n", message);
    check_error("def f():\n    return [[(x := 1) for z in w] for x in y]\n", message);
    check_error("(1 for x in y if [(x := z) for z in w])\n", message);
}
