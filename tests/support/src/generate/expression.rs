//! Random expressions.
//!
//! In: a type and a depth. Out: source text, which binds as tightly as an atom. Rule: its value is small: what could grow
//! is masked or cut where it is made.

use super::{Generator, Type};

const STRINGS: &[&str] = &[
    "''",
    "'a'",
    "'abc'",
    "'Hello World'",
    "'  pad '",
    "'é'",
    "'naïve ß'",
    "'日本語'",
    "'😀x'",
    "'a,b,,c'",
    "'x\\ty\\n'",
    "'12'",
    "'-7'",
    "'3.5'",
    "\"it's\"",
    "'{}'",
    "'%s'",
    "r'\\d'",
    "'''tri\nple'''",
    "'\\x00\\u200b'",
    "'AbC' 'dEf'",
];
const INTS: &[&str] = &[
    "0",
    "1",
    "2",
    "3",
    "7",
    "10",
    "(-1)",
    "(-5)",
    "255",
    "256",
    "1000",
    "65536",
    "(2**31)",
    "(2**63 - 1)",
    "(-2**63)",
    "(2**64)",
    "(10**20)",
    "(-10**25)",
    "0xff",
    "0b101",
    "1_000",
    "True",
    "False",
];
const FLOATS: &[&str] = &[
    "0.0",
    "1.0",
    "0.5",
    "0.1",
    "(-2.5)",
    "3.14159",
    "1e10",
    "1e16",
    "1e-7",
    "1e300",
    "(-0.0)",
    "2.0",
    "100.0",
    "float('inf')",
    "float('nan')",
    "123456.789",
];
const BYTES: &[&str] = &["b''", "b'a'", "b'abc'", "b'\\x00\\xff'", "b'a b c'", "bytes(3)"];
const KEYS: &[&str] = &["'a'", "'b'", "'key'", "'x'", "''", "'é'"];

/// Formats for each kind of value; `{}` stands for nothing here.
const INT_SPECS: &[&str] = &[
    "", "d", "5", "<5", ">8", "^7", "05", "+", " ", ",", "_", "x", "#x", "b", "#b", "o", "08.3f", "e", "c",
    "*^9", "=+6", "n", ".2%", "s",
];
const FLOAT_SPECS: &[&str] =
    &["", ".2f", "8.3f", "e", ".3g", "g", "%", "+.1f", ",.2f", "010.2f", "<9", "^9.1e", "_", "G", "d"];
const STR_SPECS: &[&str] = &["", "5", "<6", ">6", "^6", "*^8", ".2", "6.1", "s", "08", "=5"];

impl Generator {
    /// An expression of the type; now and then one of another.
    pub(super) fn expr(&mut self, ty: Type, depth: usize) -> String {
        if self.random.chance(1) {
            let other = self.some_type();
            return format!("({})", self.leaf(other));
        }
        if depth == 0 || self.random.chance(15) {
            return self.variable(ty);
        }
        if self.random.chance(6) {
            return self.any_type(ty, depth - 1);
        }
        match ty {
            Type::Int => self.int(depth - 1),
            Type::Float => self.float(depth - 1),
            Type::Bool => self.bool(depth - 1),
            Type::Str => self.str(depth - 1),
            Type::Bytes => self.bytes(depth - 1),
            Type::Ints => self.ints(depth - 1),
            Type::Strs => self.strs(depth - 1),
            Type::Dict => self.dict(depth - 1),
            Type::Set => self.set(depth - 1),
            Type::Pair => self.pair(depth - 1),
        }
    }

    /// An expression of the type that is small enough to be kept in a variable and used over and over.
    pub(super) fn bounded(&mut self, ty: Type, depth: usize) -> String {
        let text = self.expr(ty, depth);
        match ty {
            Type::Int if self.random.chance(50) => text,
            Type::Int => format!("{text} % 1000000007"),
            Type::Str | Type::Bytes => format!("{text}[:30]"),
            Type::Ints | Type::Strs => format!("{text}[:9]"),
            _ => text,
        }
    }

    /// What is printed for it: never a set, whose order differs.
    pub(super) fn shown(&mut self, depth: usize) -> String {
        let ty = self.some_type();
        let text = self.expr(ty, depth);
        if ty == Type::Set { format!("pick({text})") } else { text }
    }

    fn variable(&mut self, ty: Type) -> String {
        if self.random.chance(70)
            && let Some(name) = self.readable(ty)
        {
            return name;
        }
        self.leaf(ty)
    }

    /// A literal.
    pub(super) fn leaf(&mut self, ty: Type) -> String {
        match ty {
            Type::Int => self.random.pick(INTS).to_string(),
            Type::Float => self.random.pick(FLOATS).to_string(),
            Type::Bool => self.random.pick(&["True", "False"]).to_string(),
            Type::Str => self.random.pick(STRINGS).to_string(),
            Type::Bytes => self.random.pick(BYTES).to_string(),
            Type::Ints => {
                self.random.pick(&["[]", "[1]", "[3, 1, 2]", "[0, -4, 9, 9]", "[10**18, 5]"]).to_string()
            }
            Type::Strs => {
                self.random.pick(&["[]", "['b', 'a']", "['', 'x', 'é']", "['Z', 'z', 'aa']"]).to_string()
            }
            Type::Dict => self.random.pick(&["{}", "{'a': 1}", "{'b': 2, 'a': -1, 'é': 10**20}"]).to_string(),
            Type::Set => self.random.pick(&["set()", "{1}", "{1, 2, 3}", "frozenset([2, 5])"]).to_string(),
            Type::Pair => self.random.pick(&["(1, 'a')", "(0, '')", "(-3, 'é')", "(2**70, 'z')"]).to_string(),
        }
    }

    /// Forms that any type can have.
    fn any_type(&mut self, ty: Type, depth: usize) -> String {
        match self.random.below(8) {
            0 => {
                let (yes, no) = (self.expr(ty, depth), self.expr(ty, depth));
                format!("({yes} if {} else {no})", self.expr(Type::Bool, depth))
            }
            1 => {
                let (a, b) = (self.expr(ty, depth), self.expr(ty, depth));
                format!("({a} {} {b})", self.random.pick(&["and", "or"]))
            }
            2 => {
                let name = self.fresh(ty.letter());
                self.in_scope(&name, ty, |g| {
                    let body = g.expr(ty, depth);
                    let argument = g.expr(ty, depth);
                    format!("(lambda {name}: {body})({argument})")
                })
            }
            3 if ty != Type::Set => {
                format!("[{}, {}][{}]", self.expr(ty, depth), self.expr(ty, depth), self.small())
            }
            4 => format!(
                "({}, {})[{}]",
                self.expr(ty, depth),
                self.expr(ty, depth),
                self.random.pick(&["0", "1", "-1"])
            ),
            5 => format!("Point(x={}).x", self.expr(ty, depth)),
            6 => {
                let (key, value) = (self.leaf(Type::Str), self.expr(ty, depth));
                format!("{{{key}: {value}}}[{}]", self.random.pick(&[&*key, "'a'"]))
            }
            _ => self.call(ty, depth).unwrap_or_else(|| self.variable(ty)),
        }
    }

    /// A call of a function of the program that returns the type.
    fn call(&mut self, ty: Type, depth: usize) -> Option<String> {
        let function = self.callable(ty, false)?;
        let arguments = self.arguments(&function.params, function.defaults, depth);
        Some(format!("{}({arguments})", function.name))
    }

    /// A generator of ints or strings to iterate over: a call, an expression or a builtin's iterator.
    pub(super) fn iterable(&mut self, ty: Type, depth: usize) -> String {
        let (element, list) = if ty == Type::Int { (Type::Int, Type::Ints) } else { (Type::Str, Type::Strs) };
        match self.random.below(7) {
            0 if ty == Type::Int => self.range(),
            1 if ty == Type::Int => format!("pick({})", self.expr(Type::Set, depth)),
            1 => format!("{}[:8]", self.expr(Type::Str, depth)),
            2 => self.comprehension(element, "(", ")", depth),
            3 => format!("reversed({})", self.expr(list, depth)),
            4 if ty == Type::Str => self.expr(Type::Dict, depth),
            4 => format!("{}.values()", self.expr(Type::Dict, depth)),
            5 => match self.callable(element, true) {
                Some(f) => format!("{}({})", f.name, self.arguments(&f.params, f.defaults, depth)),
                None => self.expr(list, depth),
            },
            _ => self.expr(list, depth),
        }
    }

    pub(super) fn arguments(&mut self, params: &[(String, Type)], defaults: usize, depth: usize) -> String {
        let given = params.len() - self.random.below(defaults + 1);
        let keywords = self.random.below(given + 1);
        let mut parts = Vec::new();
        for (i, (name, ty)) in params[..given].iter().enumerate() {
            let value = self.bounded(*ty, depth.min(1));
            if i >= given - keywords && self.random.chance(40) {
                parts.extend(params[i..given].iter().map(|(name, ty)| format!("{name}={}", self.leaf(*ty))));
                break;
            }
            let _ = name;
            parts.push(value);
        }
        if self.random.chance(1) {
            parts.push(self.random.pick(&["extra=1", "*[1]", "**{'z': 1}"]).to_string());
        }
        parts.join(", ")
    }

    /// Makes text with a name in scope.
    fn in_scope(&mut self, name: &str, ty: Type, make: impl FnOnce(&mut Generator) -> String) -> String {
        self.scopes.push(super::Scope::default());
        self.declare(name, ty);
        let text = make(self);
        self.scopes.pop();
        text
    }

    fn comprehension(&mut self, ty: Type, open: &str, close: &str, depth: usize) -> String {
        let from = if self.random.chance(60) { Type::Int } else { Type::Str };
        let source = self.iterable(from, depth.saturating_sub(1));
        let name = self.fresh(from.letter());
        let times = self.times;
        self.times *= 5;
        let text = self.in_scope(&name, from, |g| {
            let element = g.expr(ty, depth.min(1));
            let mut text = format!("{open}{element} for {name} in {source}");
            if g.random.chance(20) {
                text += &format!(" for _ in {}", g.random.pick(&["range(2)", "'ab'", "()"]));
            }
            if g.random.chance(40) {
                text += &format!(" if {}", g.expr(Type::Bool, depth.min(1)));
            }
            text + close
        });
        self.times = times;
        text
    }

    pub(super) fn range(&mut self) -> String {
        let (a, b) = (self.random.range(-3, 5), self.random.range(0, 7));
        match self.random.below(3) {
            0 => format!("range({b})"),
            1 => format!("range({a}, {b})"),
            _ => format!("range({b}, {a}, {})", self.random.pick(&["-1", "-2", "2"])),
        }
    }

    /// A small int literal, also negative.
    fn small(&mut self) -> String {
        self.random.range(-2, 3).to_string()
    }

    fn slice(&mut self) -> String {
        let bound = |g: &mut Generator| if g.random.chance(40) { String::new() } else { g.small() };
        let (start, stop) = (bound(self), bound(self));
        match self.random.below(3) {
            0 => format!("[{start}:{stop}:{}]", self.random.pick(&["1", "2", "-1", "-2", ""])),
            _ => format!("[{start}:{stop}]"),
        }
    }

    fn int(&mut self, depth: usize) -> String {
        let a = self.expr(Type::Int, depth);
        match self.random.below(20) {
            0..4 => {
                let b = self.expr(Type::Int, depth);
                format!("({a} {} {b})", self.random.pick(&["+", "-", "*", "&", "|", "^"]))
            }
            4 => {
                let b = self.expr(Type::Int, depth);
                format!("({a} {} ({b} or 3))", self.random.pick(&["//", "%"]))
            }
            5 => format!("({a} {} {})", self.random.pick(&["//", "%"]), self.expr(Type::Int, depth)),
            6 => format!("({a} ** {})", self.random.below(4)),
            7 => format!("({a} {} ({} & 15))", self.random.pick(&["<<", ">>"]), self.expr(Type::Int, depth)),
            8 => format!("({}{a})", self.random.pick(&["-", "~", "+", "- -"])),
            9 => format!("len({})", self.sized(depth)),
            10 => format!("{}({}, {a})", self.random.pick(&["min", "max"]), self.expr(Type::Int, depth)),
            11 => format!("sum({})", self.iterable(Type::Int, depth)),
            12 => format!("{}[{}]", self.expr(Type::Ints, depth), self.small()),
            13 => format!("{}.get({}, {a})", self.expr(Type::Dict, depth), self.random.pick(KEYS)),
            14 => format!("{}[{}]", self.expr(Type::Dict, depth), self.random.pick(KEYS)),
            15 => format!(
                "{}.{}({})",
                self.expr(Type::Str, depth),
                self.random.pick(&["find", "count", "index", "rfind"]),
                self.expr(Type::Str, depth)
            ),
            16 => format!(
                "int({})",
                self.random.pick(&["'12'", "' -7 '", "'0x1f', 16", "'zz', 36", "3.99", "'1_0'", "'x'", "''"])
            ),
            17 => format!("{}[0]", self.expr(Type::Pair, depth)),
            18 => format!("divmod({a}, {} or 7)[{}]", self.expr(Type::Int, depth), self.random.below(2)),
            _ => match self.random.below(6) {
                0 => format!("abs({a})"),
                1 => format!("round({a}, {})", self.small()),
                2 => format!("ord({}[0])", self.expr(Type::Str, depth)),
                3 => format!("({a}).bit_length()"),
                4 => format!(
                    "pow({a}, {}, {})",
                    self.random.below(9),
                    self.random.pick(&["7", "1000", "-3", "2**65"])
                ),
                _ => {
                    format!("{}.{}({a})", self.expr(Type::Ints, depth), self.random.pick(&["count", "index"]))
                }
            },
        }
    }

    fn sized(&mut self, depth: usize) -> String {
        let types = [Type::Str, Type::Ints, Type::Dict, Type::Set, Type::Bytes];
        let ty = types[self.random.below(types.len())];
        self.expr(ty, depth)
    }

    fn float(&mut self, depth: usize) -> String {
        let a = self.expr(Type::Float, depth);
        let number = if self.random.chance(50) { Type::Int } else { Type::Float };
        match self.random.below(10) {
            0..3 => format!("({a} {} {})", self.random.pick(&["+", "-", "*"]), self.expr(number, depth)),
            3 => {
                format!("({a} {} ({} or 2.5))", self.random.pick(&["/", "//", "%"]), self.expr(number, depth))
            }
            4 => format!("({} / {})", self.expr(Type::Int, depth), self.expr(Type::Int, depth)),
            5 => format!("float({})", self.expr(number, depth)),
            6 => format!("round({a}, {})", self.random.below(5)),
            7 => format!("({a} ** {})", self.random.pick(&["2", "-1", "0", "3"])),
            // A negative number has a complex root, which star refuses.
            8 => format!("(abs({a}) ** 0.5)"),
            _ => format!("{}({a})", self.random.pick(&["abs", "-", "+", "float"])),
        }
    }

    fn bool(&mut self, depth: usize) -> String {
        let ty = self.some_type();
        match self.random.below(9) {
            0..3 => {
                let (a, b) = (self.expr(ty, depth), self.expr(ty, depth));
                let operators: &[&str] =
                    if ty == Type::Dict { &["==", "!="] } else { &["<", "<=", "==", "!=", ">", ">="] };
                format!("({a} {} {b})", self.random.pick(operators))
            }
            3 => {
                let parts = [0; 3].map(|_| self.expr(Type::Int, depth));
                format!("({} < {} <= {})", parts[0], parts[1], parts[2])
            }
            4 => format!("(not {})", self.expr(ty, depth)),
            5 => {
                let (container, element) = self.container(depth);
                format!("({element} {} {container})", self.random.pick(&["in", "not in"]))
            }
            6 => format!("{}({})", self.random.pick(&["any", "all"]), self.iterable(Type::Int, depth)),
            7 => {
                let value = self.expr(ty, depth);
                let class = self.random.pick(&[
                    "int",
                    "str",
                    "(int, float)",
                    "list",
                    "bool",
                    "dict",
                    "(set, frozenset)",
                ]);
                format!("isinstance({value}, {class})")
            }
            _ => {
                let method = self.random.pick(&[
                    "isdigit",
                    "isalpha",
                    "isupper",
                    "isspace",
                    "isidentifier",
                    "istitle",
                ]);
                format!("{}.{method}()", self.expr(Type::Str, depth))
            }
        }
    }

    fn container(&mut self, depth: usize) -> (String, String) {
        match self.random.below(5) {
            0 => (self.expr(Type::Ints, depth), self.expr(Type::Int, depth)),
            1 => (self.expr(Type::Str, depth), self.expr(Type::Str, depth)),
            2 => (self.expr(Type::Dict, depth), self.expr(Type::Str, depth)),
            3 => (self.expr(Type::Set, depth), self.expr(Type::Int, depth)),
            _ => (self.range(), self.expr(Type::Int, depth)),
        }
    }

    fn str(&mut self, depth: usize) -> String {
        let a = self.expr(Type::Str, depth);
        match self.random.below(16) {
            0 => format!("({a} + {})", self.expr(Type::Str, depth)),
            1 => format!("({a} * {})", self.small()),
            2 => format!("{a}[{}]", self.small()),
            3 => format!("{a}{}", self.slice()),
            4 | 5 => {
                let plain = self.random.pick(&[
                    "upper",
                    "lower",
                    "title",
                    "strip",
                    "swapcase",
                    "capitalize",
                    "casefold",
                    "lstrip",
                ]);
                format!("{a}.{plain}()")
            }
            6 => format!(
                "{a}.replace({}, {})",
                self.random.pick(&["'a'", "''", "'l'", "' '", "'é'"]),
                self.leaf(Type::Str)
            ),
            7 => format!("{a}.join({})", self.iterable(Type::Str, depth)),
            8 => format!(
                "{a}.{}({}, {})",
                self.random.pick(&["center", "ljust", "rjust"]),
                self.random.below(12),
                self.random.pick(&["'*'", "' '", "'é'", "'ab'"])
            ),
            9 => format!(
                "{a}.{}",
                self.random.pick(&[
                    "zfill(5)",
                    "expandtabs(4)",
                    "removeprefix('a')",
                    "partition(',')[2]",
                    "rpartition('b')[0]"
                ])
            ),
            10 => format!("{}({})", self.random.pick(&["str", "repr", "ascii"]), self.printable(depth)),
            11 | 12 => self.f_string(depth),
            13 => self.percent(depth),
            14 => self.format_method(depth),
            _ => match self.random.below(4) {
                0 => format!("{}({})", self.random.pick(&["hex", "bin", "oct"]), self.expr(Type::Int, depth)),
                1 => format!("chr(97 + ({} & 15))", self.expr(Type::Int, depth)),
                2 => format!("{}[1]", self.expr(Type::Pair, depth)),
                _ => format!("type({}).__name__", self.printable(depth)),
            },
        }
    }

    /// An expression whose repr is the same everywhere.
    fn printable(&mut self, depth: usize) -> String {
        let ty = self.some_type();
        if ty == Type::Set { format!("pick({})", self.expr(ty, depth)) } else { self.expr(ty, depth) }
    }

    fn f_string(&mut self, depth: usize) -> String {
        let mut text = "f'''".to_string();
        for _ in 0..1 + self.random.below(3) {
            text += self.random.pick(&["", " ", "x=", "{{", "}}", "é", "\\n"]);
            let (ty, specs) = match self.random.below(4) {
                0 | 1 => (Type::Int, INT_SPECS),
                2 => (Type::Float, FLOAT_SPECS),
                _ => (Type::Str, STR_SPECS),
            };
            // In brackets, because a display's brace would be taken for a doubled one.
            let value = format!("({})", self.expr(ty, depth.min(1)));
            text += &match self.random.below(5) {
                0 => format!("{{{value}!{}}}", self.random.pick(&["r", "s", "a"])),
                // CPython 3.13.0 resolves escapes in the text before the sign; later ones print it as it stands.
                1 if !value.contains(['\\', '\n']) && !value.contains("'''") => format!("{{ {value} = }}"),
                2 => format!("{{{value}:>{{{}}}}}", self.random.below(9)),
                _ => format!("{{{value}:{}}}", self.random.pick(specs)),
            };
        }
        text + "'''"
    }

    fn percent(&mut self, depth: usize) -> String {
        match self.random.below(4) {
            0 => format!(
                "('%{}d|%s' % ({}, {}))",
                self.random.pick(&["", "5", "-5", "05", "+", ".3"]),
                self.expr(Type::Int, depth),
                self.printable(depth)
            ),
            1 => format!(
                "('%{} %%' % {})",
                self.random.pick(&[".2f", "e", "g", "8.1f", "r"]),
                self.expr(Type::Float, depth)
            ),
            2 => format!(
                "('%(a){}' % {})",
                self.random.pick(&["s", "d", "x", "r"]),
                self.expr(Type::Dict, depth)
            ),
            _ => format!(
                "('%{}' % ({},))",
                self.random.pick(&["x", "#o", "c", "s", "5s", ".1s", "a"]),
                self.expr(Type::Int, depth)
            ),
        }
    }

    fn format_method(&mut self, depth: usize) -> String {
        match self.random.below(3) {
            0 => format!(
                "'{{:{}}} {{!r}}'.format({}, {})",
                self.random.pick(INT_SPECS),
                self.expr(Type::Int, depth),
                self.expr(Type::Str, depth)
            ),
            1 => format!(
                "'{{1}}{{0[0]}}{{k:>{{w}}}}'.format({}, {}, k={}, w={})",
                self.expr(Type::Pair, depth),
                self.expr(Type::Int, depth),
                self.expr(Type::Str, depth),
                self.random.below(9)
            ),
            _ => format!("format({}, '{}')", self.expr(Type::Float, depth), self.random.pick(FLOAT_SPECS)),
        }
    }

    fn bytes(&mut self, depth: usize) -> String {
        let a = self.expr(Type::Bytes, depth);
        match self.random.below(5) {
            0 => format!("({a} + {})", self.expr(Type::Bytes, depth)),
            1 => format!("{a}{}", self.slice()),
            2 => format!(
                "{}.encode({})",
                self.expr(Type::Str, depth),
                self.random.pick(&["", "'utf-8'", "'ascii', 'replace'", "'latin-1', 'ignore'", "'ascii'"])
            ),
            3 => format!(
                "{a}.{}",
                self.random.pick(&["upper()", "replace(b'a', b'zz')", "strip()", "title()"])
            ),
            _ => format!("bytes([x & 255 for x in {}])", self.expr(Type::Ints, depth)),
        }
    }

    fn ints(&mut self, depth: usize) -> String {
        let a = self.expr(Type::Ints, depth);
        match self.random.below(12) {
            0 | 1 => format!("[{}, {}]", self.expr(Type::Int, depth), self.expr(Type::Int, depth)),
            2 => self.comprehension(Type::Int, "[", "]", depth),
            3 => format!("({a} + {})", self.expr(Type::Ints, depth)),
            4 => format!("({a} * {})", self.small()),
            5 => format!("{a}{}", self.slice()),
            6 => format!(
                "sorted({}{})",
                self.iterable(Type::Int, depth),
                self.random.pick(&["", ", reverse=True", ", key=lambda v: -v", ", key=lambda v: v % 3"])
            ),
            7 => format!("list({})", self.iterable(Type::Int, depth)),
            8 => format!("[*{a}, *{}]", self.iterable(Type::Int, depth)),
            9 => format!(
                "list(map({}, {a}))",
                self.random.pick(&["abs", "lambda v: v * 2", "int", "down", "failing"])
            ),
            10 => format!("list(filter({}, {a}))", self.random.pick(&["None", "lambda v: v > 1", "bool"])),
            _ => format!("[v for v, _ in zip({a}, {})]", self.iterable(Type::Str, depth)),
        }
    }

    fn strs(&mut self, depth: usize) -> String {
        let a = self.expr(Type::Strs, depth);
        match self.random.below(8) {
            0 => format!("[{}, {}]", self.expr(Type::Str, depth), self.expr(Type::Str, depth)),
            1 => self.comprehension(Type::Str, "[", "]", depth),
            2 => format!(
                "{}.{}",
                self.expr(Type::Str, depth),
                self.random.pick(&[
                    "split()",
                    "split(',')",
                    "split(None, 1)",
                    "rsplit('a', 1)",
                    "splitlines(True)",
                    "split('')"
                ])
            ),
            3 => format!("{a}{}", self.slice()),
            4 => format!(
                "sorted({}{})",
                self.iterable(Type::Str, depth),
                self.random.pick(&["", ", key=len", ", key=str.lower", ", reverse=1"])
            ),
            5 => format!("list({})", self.iterable(Type::Str, depth)),
            6 => format!("[f'{{n}}{{t}}' for n, t in enumerate({a}, {})]", self.random.below(3)),
            _ => format!("({a} + {})", self.expr(Type::Strs, depth)),
        }
    }

    fn dict(&mut self, depth: usize) -> String {
        let a = self.expr(Type::Dict, depth);
        match self.random.below(8) {
            0 => format!(
                "{{{}: {}, {}: {}}}",
                self.expr(Type::Str, depth),
                self.expr(Type::Int, depth),
                self.random.pick(KEYS),
                self.expr(Type::Int, depth)
            ),
            1 => format!("({a} | {})", self.expr(Type::Dict, depth)),
            2 => format!("{{**{a}, 'new': {}}}", self.expr(Type::Int, depth)),
            3 => {
                format!("dict(zip({}, {}))", self.iterable(Type::Str, depth), self.iterable(Type::Int, depth))
            }
            4 => self.comprehension(Type::Int, "{str(len('')) + 'k': ", "}", depth),
            5 => format!("dict(a={}, q={})", self.expr(Type::Int, depth), self.expr(Type::Int, depth)),
            6 => format!("{{k: v * 2 for k, v in {a}.items()}}"),
            _ => format!("dict(sorted({a}.items()))"),
        }
    }

    fn set(&mut self, depth: usize) -> String {
        let a = self.expr(Type::Set, depth);
        match self.random.below(6) {
            0 | 1 => {
                format!("({a} {} {})", self.random.pick(&["|", "&", "-", "^"]), self.expr(Type::Set, depth))
            }
            2 => self.comprehension(Type::Int, "{", "}", depth),
            3 => format!("set({})", self.iterable(Type::Int, depth)),
            4 => format!("{{{}, {}}}", self.expr(Type::Int, depth), self.expr(Type::Int, depth)),
            _ => format!(
                "{a}.{}({})",
                self.random.pick(&["union", "intersection", "difference", "symmetric_difference"]),
                self.iterable(Type::Int, depth)
            ),
        }
    }

    fn pair(&mut self, depth: usize) -> String {
        match self.random.below(4) {
            0 => format!("tuple([{}, {}])", self.expr(Type::Int, depth), self.expr(Type::Str, depth)),
            1 => format!("max({}, {})", self.expr(Type::Pair, depth), self.expr(Type::Pair, depth)),
            2 => format!("{}[::-1][::-1]", self.expr(Type::Pair, depth)),
            _ => format!("({}, {})", self.expr(Type::Int, depth), self.expr(Type::Str, depth)),
        }
    }
}
