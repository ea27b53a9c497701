//! Expressions and assignments by their listings.

use super::check_code;

#[test]
fn calls() {
    check_code(
        "def f(a):\n    f(a + 1)\n    f(f(a))\n    a.b(1)\n    a.b(f())\n    f(1, k=a)\n    f(*a)\n    f(1, *a, k=2, **a)\n",
        "0 AddInt d=r2 a=r0 1
         1 CallGlobal d=r1 base=r1 argc=1 slot=0 (dropped) ; f
         2 LoadGlobal d=r1 slot=0 ; f
         3 Move d=r3 a=r0
         4 CallGlobal d=r2 base=r2 argc=1 slot=0 ; f
         5 Call d=r1 base=r1 argc=1 (dropped)
         6 Move d=r1 a=r0
         7 LoadInt d=r2 1
         8 Invoke d=r1 base=r1 argc=1 name=0 (dropped) ; .b
         9 GetMethod d=r1 a=r0 name=0 ; .b
         10 CallGlobal d=r3 base=r3 argc=0 slot=0 ; f
         11 CallMethod d=r1 base=r1 argc=1 (dropped)
         12 LoadGlobal d=r1 slot=0 ; f
         13 LoadInt d=r2 1
         14 Move d=r3 a=r0
         15 CallKw d=r1 base=r1 argc=2 names=1 (dropped) ; (\"k\",)
         16 LoadGlobal d=r1 slot=0 ; f
         17 Move d=r2 a=r0
         18 LoadNone d=r3
         19 CallEx d=r1 base=r1 (dropped)
         20 LoadGlobal d=r1 slot=0 ; f
         21 LoadInt d=r4 1
         22 BuildList d=r2 b=r4 count=1
         23 ListExtend a=r2 b=r0
         24 BuildDict d=r3 b=r0 count=0
         25 LoadConst d=r4 k=0 ; \"k\"
         26 LoadInt d=r5 2
         27 DictPut a=r3 b=r4 c=r5
         28 KwargsMerge a=r3 b=r0 f=r1
         29 CallEx d=r1 base=r1 (dropped)
         30 ReturnNone",
    );
}

#[test]
fn operators_use_their_short_forms() {
    check_code(
        "def f(a, b):\n    a = a + 1 - b * 2 // 3 % a\n    a = a & 1 | b << 2 >> 3\n    a = -a ** 2\n    a = 2 ** 3 + 1\n    a = 60 * 60 * a\n    return not a\n",
        "0 AddInt d=r2 a=r0 1
         1 MulInt d=r3 a=r1 2
         2 FloorDivInt d=r3 a=r3 3
         3 Mod d=r3 a=r3 b=r0
         4 Sub d=r0 a=r2 b=r3
         5 AndInt d=r2 a=r0 1
         6 ShlInt d=r3 a=r1 2
         7 ShrInt d=r3 a=r3 3
         8 Binary Or d=r0 a=r2 b=r3
         9 LoadInt d=r3 2
         10 Binary Pow d=r2 a=r0 b=r3
         11 Neg d=r0 a=r2
         12 LoadInt d=r0 9
         13 LoadInt d=r2 3600
         14 Mul d=r0 a=r2 b=r0
         15 Not d=r2 a=r0
         16 Return a=r2",
    );
}

#[test]
fn conditions_become_jumps() {
    check_code(
        "def f(a, b):\n    if a < 1 and not (b is None or a == 's') and 1 < b <= a: return 1\n    if a in b or a not in (1, 2) or a is b: return 2\n",
        "0 JumpUnlessLtInt a=r0 1 -> 8
         1 JumpIfNone a=r1 -> 8
         2 JumpIfEqConst a=r0 k=0 -> 8 ; \"s\"
         3 LoadInt d=r2 1
         4 JumpUnlessLt a=r2 b=r1 -> 8
         5 JumpUnlessLe a=r1 b=r0 -> 8
         6 LoadInt d=r2 1
         7 Return a=r2
         8 JumpIfIn a=r0 b=r1 -> 13
         9 LoadConst d=r2 k=3 ; (1, 2)
         10 JumpIfNotIn a=r0 b=r2 -> 13
         11 Compare Is d=r2 a=r0 b=r1
         12 JumpIfFalse a=r2 -> 15
         13 LoadInt d=r2 2
         14 Return a=r2
         15 ReturnNone",
    );
}

#[test]
fn values_of_conditions() {
    check_code(
        "def f(a, b):\n    a = a or b\n    b = 1 if a else b if not b else 2\n    return a < b < 3\n",
        "0 Move d=r2 a=r0
         1 JumpIfTrue a=r2 -> 3
         2 Move d=r2 a=r1
         3 Move d=r0 a=r2
         4 JumpIfFalse a=r0 -> 7
         5 LoadInt d=r1 1
         6 Jump -> 10
         7 JumpIfTrue a=r1 -> 9
         8 Jump -> 10
         9 LoadInt d=r1 2
         10 Compare Lt d=r2 a=r0 b=r1
         11 JumpIfFalse a=r2 -> 14
         12 LoadInt d=r4 3
         13 Compare Lt d=r2 a=r1 b=r4
         14 Return a=r2",
    );
}

#[test]
fn targets() {
    check_code(
        "def f(a, b, c):\n    a, b = b, a\n    a[0], a['k'] = a[b], a[1:]\n    a, b, c = b\n    a, *b.c = c\n    (a, (b, c)) = a\n    a = b = c\n    a.x += 1; b[c] -= 2; c[:2] *= 3\n    del a, b.c, c[0], c[1:]\n",
        "0 Move d=r3 a=r0
         1 Move d=r0 a=r1
         2 Move d=r1 a=r3
         3 GetIndex d=r3 a=r0 b=r1
         4 LoadInt d=r5 1
         5 LoadNone d=r6
         6 LoadNone d=r7
         7 GetSlice d=r4 a=r0 b=r5
         8 SetIndexConst a=r0 c=r3 k=0 ; 0
         9 SetIndexConst a=r0 c=r4 k=1 ; \"k\"
         10 Unpack a=r1 d=r0 count=3
         11 UnpackStar a=r2 d=r3 before=1 after=0
         12 Move d=r0 a=r3
         13 SetAttr a=r1 b=r4 name=0 ; .c
         14 Unpack2 a=r0 d=r0 e=r3
         15 Unpack2 a=r3 d=r1 e=r2
         16 Move d=r0 a=r2
         17 Move d=r1 a=r0
         18 GetAttr d=r3 a=r0 name=1 ; .x
         19 AddInt d=r3 a=r3 1 (in place)
         20 SetAttr a=r0 b=r3 name=1 ; .x
         21 GetIndex d=r3 a=r1 b=r2
         22 SubInt d=r3 a=r3 2 (in place)
         23 SetIndex a=r1 b=r2 c=r3
         24 LoadNone d=r3
         25 LoadInt d=r4 2
         26 LoadNone d=r5
         27 GetSlice d=r6 a=r2 b=r3
         28 MulInt d=r6 a=r6 3 (in place)
         29 SetSlice a=r2 b=r3 c=r6
         30 DelLocal a=r0 ; a
         31 DelAttr a=r1 name=0 ; .c
         32 LoadInt d=r3 0
         33 DelIndex a=r2 b=r3
         34 LoadInt d=r3 1
         35 LoadNone d=r4
         36 LoadNone d=r5
         37 DelSlice a=r2 b=r3
         38 ReturnNone",
    );
}

#[test]
fn closures_share_cells() {
    check_code(
        "def f(a):\n    b = 1\n    def g(c=b):\n        nonlocal b\n        b += a\n        return lambda: b\n",
        "captures b from free 0
         0 LoadFree d=r0 i=0 ; b
         1 Return a=r0",
    );
    check_code(
        "def f(a):\n    return [lambda: x for x in a if x], {y: 1 for y, z in a}\n",
        "captures x from cell r6
         0 LoadFree d=r0 i=0 ; x
         1 Return a=r0",
    );
}

#[test]
fn comprehensions_are_in_line() {
    check_code(
        "def f(a):\n    return [x + y for x in a if x for y in x if y > 1]\n",
        "0 GetIter d=r2 a=r0
         1 BuildList d=r1 b=r0 count=0
         2 ForIter r=r2 d=r5 -> 11
         3 JumpIfFalse a=r5 -> 2
         4 GetIter d=r7 a=r5
         5 ForIter r=r7 d=r6 -> 2
         6 JumpUnlessGtInt a=r6 1 -> 5
         7 Add d=r10 a=r5 b=r6
         8 ListAppend a=r1 b=r10
         9 ForNext r=r7 d=r6 -> 6
         10 Jump -> 2
         11 Return a=r1",
    );
}

#[test]
fn a_variable_keeps_its_value_until_the_last_instruction() {
    check_code(
        "def f(a):\n    a = [a, (a, 1), f(a)]\n    a = a and f(a)\n    a = f\"{a}{a!r:>{a}}\"\n    a = [x for x in a]\n",
        "0 Move d=r1 a=r0
         1 Move d=r3 a=r0
         2 LoadInt d=r4 1
         3 BuildTuple d=r2 b=r3 count=2
         4 Move d=r4 a=r0
         5 CallGlobal d=r3 base=r3 argc=1 slot=0 ; f
         6 BuildList d=r0 b=r1 count=3
         7 Move d=r1 a=r0
         8 JumpIfFalse a=r1 -> 11
         9 Move d=r2 a=r0
         10 CallGlobal d=r1 base=r1 argc=1 slot=0 ; f
         11 Move d=r0 a=r1
         12 Format d=r1 a=r0 conversion=0
         13 LoadConst d=r4 k=0 ; \">\"
         14 Format d=r5 a=r0 conversion=0
         15 BuildString d=r3 b=r4 count=2
         16 FormatSpec d=r2 a=r0 b=r3 conversion=2
         17 BuildString d=r0 b=r1 count=2
         18 GetIter d=r2 a=r0
         19 BuildList d=r1 b=r0 count=0
         20 ForIter r=r2 d=r5 -> 23
         21 ListAppend a=r1 b=r5
         22 ForNext r=r2 d=r5 -> 21
         23 Move d=r0 a=r1
         24 ReturnNone",
    );
}

#[test]
fn a_walrus_does_not_change_operands_that_were_read() {
    check_code(
        "def f(x):\n    return x + (x := 1) + x, (x := x + 2) < x\n",
        "0 Move d=r2 a=r0
         1 LoadInt d=r0 1
         2 Add d=r2 a=r2 b=r0
         3 Add d=r2 a=r2 b=r0
         4 AddInt d=r0 a=r0 2
         5 Compare Lt d=r3 a=r0 b=r0
         6 BuildTuple d=r1 b=r2 count=2
         7 Return a=r1",
    );
}
