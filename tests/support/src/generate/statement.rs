//! Random statements.
//!
//! In: where the statement stands ([`Generator`]'s fields). Out: its lines. Rule: every loop is bounded, and what it
//! multiplies is paid for.

use super::{Generator, MAX_COST, Type};

/// Blocks nested in one another, at most.
const MAX_DEPTH: usize = 4;

const RAISED: &[&str] = &[
    "ValueError",
    "KeyError",
    "Custom",
    "RuntimeError",
    "IndexError",
    "TypeError",
    "OSError",
    "StopIteration",
];

/// Expressions that raise what scripts commonly raise.
const MISTAKES: &[&str] = &[
    "undefined_name",
    "prnt",
    "(1).real_part",
    "'x'.uper()",
    "[].add(1)",
    "None + 1",
    "len(5)",
    "{}['k']",
    "[1][9]",
    "down()",
    "int('z')",
    "(lambda a, /, *, b: a)(1, c=2)",
    "'a' < 1",
    "5()",
    "5[0]",
    "for_",
    "[*3]",
    "{**1}",
    "f'{3:q}'",
    "'%d' % 'a'",
    "next(iter([]))",
    "{[]: 1}",
    "hash({})",
    "'abc'.index('z')",
    "max([])",
    "chr(-1)",
    "float('x')",
    "(1, 2)[5]",
    "range(0, 5, 0)",
    "1 << -1",
    "[].pop()",
    "b'abc'[9]",
    "int([])",
    "'{:d}'.format('a')",
    "'{} {}'.format(1)",
    "divmod(1, 0)",
    "1 % 0",
    "2.0 // 0",
    "10 ** -400",
    "2.0 ** 5000",
    "sum(['a'])",
    "sorted([1, 'a'])",
    "list(5)",
    "dict([1])",
    "zip(1)",
    "isinstance(1, 5)",
    "abs('a')",
    "round('a')",
    "'a'.join([1])",
    "'a' * 'b'",
    "-'a'",
    "not_there.x",
    "Point(q=1)",
    "Point().z",
    "Custom('a', 'b')",
    "type(Custom()).__name__",
];

impl Generator {
    /// A statement of the top level; most cannot end the program.
    pub(super) fn top_level(&mut self) {
        match self.random.below(10) {
            0..3 => self.function(),
            3 => self.generator_use(),
            4 => self.statement(),
            _ => self.protected(|g| g.suite(3)),
        }
    }

    fn protected(&mut self, body: impl FnOnce(&mut Generator)) {
        self.block("try:", body);
        let class = self.random.pick(&[
            "Exception",
            "Exception",
            "Exception",
            "Exception",
            "(ArithmeticError, LookupError, TypeError, ValueError)",
        ]);
        let name = self.fresh("e");
        self.block(format!("except {class} as {name}:"), |g| {
            g.line(format!("print(type({name}).__name__, {name})"));
        });
    }

    /// Up to `most` statements.
    pub(super) fn suite(&mut self, most: usize) {
        for _ in 0..1 + self.random.below(most) {
            self.statement();
        }
    }

    pub(super) fn statement(&mut self) {
        self.cost += 3 * self.times;
        let simple = self.depth >= MAX_DEPTH || self.cost > MAX_COST;
        match self.random.below(if simple { 12 } else { 26 }) {
            0..3 => self.print(),
            3..6 => self.assign(),
            6 => self.augment(),
            7 => self.unpack(),
            8 => self.change(),
            9 => self.jump(),
            10 => self.print(),
            11 => self.odd(),
            12 | 13 => self.if_statement(),
            14 | 15 => self.for_loop(),
            16 => self.while_loop(),
            17..20 => self.try_statement(),
            20 => self.with_statement(),
            21 => self.match_statement(),
            22 | 23 if self.times <= 5 => self.function(),
            24 => self.generator_use(),
            _ => self.print(),
        }
    }

    pub(super) fn print(&mut self) {
        let mut parts: Vec<String> = (0..1 + self.random.below(2)).map(|_| self.shown(3)).collect();
        if self.random.chance(5) {
            parts.push(self.random.pick(&["sep='-'", "end='|\\n'", "*'ab'", "sep=''"]).to_string());
        }
        let function = if self.random.chance(10) { "show" } else { "print" };
        self.line(format!("{function}({})", parts.join(", ")));
    }

    /// A new variable with this value.
    pub(super) fn assign_new(&mut self, ty: Type, value: String) {
        let name = self.fresh(ty.letter());
        self.line(format!("{name} = {value}"));
        self.declare(&name, ty);
    }

    fn assign(&mut self) {
        let ty = self.some_type();
        let value = self.bounded(ty, 3);
        match (self.random.below(6), self.assignable(ty)) {
            (0..3, Some(name)) => self.line(format!("{name} = {value}")),
            (3, Some(name)) => {
                let new = self.fresh(ty.letter());
                self.line(format!("{new} = {name} = {value}"));
                self.declare(&new, ty);
            }
            (4, _) => {
                let new = self.fresh(ty.letter());
                self.line(
                    format!("print(({new} := {value}) if {:?} else 0)", 1).replace("print((u", "len((u"),
                );
                self.declare(&new, ty);
            }
            _ => self.assign_new(ty, value),
        }
    }

    fn augment(&mut self) {
        let ty = [Type::Int, Type::Int, Type::Str, Type::Float, Type::Ints, Type::Set][self.random.below(6)];
        let Some(name) = self.assignable(ty) else { return self.print() };
        let value = self.expr(ty, 2);
        let operator = match ty {
            Type::Int => self.random.pick(&["+", "-", "*", "&", "|", "^", "//", "%"]),
            Type::Float => self.random.pick(&["+", "-", "*", "/"]),
            Type::Set => self.random.pick(&["|", "&", "-", "^"]),
            _ => "+",
        };
        self.line(format!("{name} {operator}= {value}"));
        // What grows in a loop is kept small.
        match ty {
            Type::Int => self.line(format!("{name} %= 10 ** 12")),
            Type::Str | Type::Ints => self.line(format!("{name} = {name}[-12:]")),
            _ => {}
        }
    }

    fn unpack(&mut self) {
        let names = [0; 3].map(|_| self.fresh("i"));
        let [a, b, c] = &names;
        let values = [0; 3].map(|_| self.bounded(Type::Int, 2));
        let [x, y, z] = &values;
        let text = match self.random.below(5) {
            0 => format!("{a}, {b} = {c} = {x}, {y}"),
            1 => format!("{a}, ({b}, {c}) = {x}, [{y}, {z}]"),
            2 => format!("{a}, *{b}, {c} = {x}, *{}, {z}", self.iterable(Type::Int, 1)),
            3 => format!("{a}, {b} = {}", self.expr(Type::Ints, 2)),
            _ => format!("[{a}, {b}] = [{c}, *_] = {x}, {y}"),
        };
        self.line(text);
        self.line(format!("print({a}, {b})"));
        self.declare(a, Type::Int);
    }

    /// Changes an object in place.
    fn change(&mut self) {
        if self.random.chance(40) {
            let Some(name) = self.readable(Type::Dict) else { return self.print() };
            let (key, value) = (self.expr(Type::Str, 1), self.bounded(Type::Int, 2));
            let text = match self.random.below(7) {
                0 | 1 => format!("{name}[{key}] = {value}"),
                2 => format!("del {name}[{key}]"),
                3 => format!("print({name}.pop({key}, None), {name}.setdefault('s', {value}))"),
                4 => format!("{name}.update({})", self.expr(Type::Dict, 1)),
                5 => format!("print({name}.popitem(), len({name}))"),
                _ => format!("{name}[{key}] += {value}"),
            };
            return self.line(text);
        }
        let Some(name) = self.readable(Type::Ints) else { return self.print() };
        let value = self.bounded(Type::Int, 2);
        let at = self.random.range(-2, 3);
        let text = match self.random.below(11) {
            0 => format!("{name}[{at}] = {value}"),
            1 => format!("{name}[{at}:] = {}", self.iterable(Type::Int, 1)),
            2 => format!("del {name}[{at}]"),
            3 => format!("{name}.append({value})"),
            4 => format!("{name}.extend({}[:4])", self.expr(Type::Ints, 1)),
            5 => format!("{name}.insert({at}, {value})"),
            6 => format!("print({name}.pop({at}))"),
            7 => format!(
                "{name}.{}",
                self.random.pick(&["sort()", "reverse()", "sort(key=lambda v: -v)", "clear()"])
            ),
            8 => format!("{name}[::2] = {}", self.expr(Type::Ints, 1)),
            9 => format!("{name}.remove({value})"),
            _ => format!("{name}[{at}] -= {value}"),
        };
        self.line(text);
        self.line(format!("del {name}[9:]"));
    }

    /// Leaves a loop or a function, if there is one.
    fn jump(&mut self) {
        if self.loops > 0 && self.random.chance(60) {
            let condition = self.expr(Type::Bool, 2);
            let jump = self.random.pick(&["break", "continue"]);
            return self.line(format!("if {condition}: {jump}"));
        }
        match self.returns {
            Some((ty, yields)) if self.depth > 1 => {
                let value = self.bounded(ty, 2);
                let value = if yields && self.random.chance(50) { String::new() } else { value };
                self.line(format!("return {value}").trim_end());
            }
            Some((ty, true)) => {
                let value = self.bounded(ty, 2);
                self.line(format!("yield {value}"));
            }
            _ => self.print(),
        }
    }

    /// Something that is apt to fail, or rare.
    fn odd(&mut self) {
        let value = self.expr(Type::Int, 2);
        let text = match self.random.below(8) {
            0 => format!("assert {}, {value}", self.expr(Type::Bool, 2)),
            1 => format!("raise {}({value})", self.random.pick(RAISED)),
            2 => format!("failing({value}, {})", self.random.pick(RAISED)),
            3 => {
                let name = self.fresh("t");
                format!("{name} = {value}; del {name}; print({name})")
            }
            4 => format!("print({})", self.random.pick(MISTAKES)),
            5 => return self.global(value),
            6 => {
                let name = self.fresh("i");
                self.declare(&name, Type::Int);
                format!("{name}: int = {value}")
            }
            _ => value,
        };
        self.line(text);
    }

    /// A global that a function assigns.
    fn global(&mut self, value: String) {
        let in_function = self.scopes.iter().any(|scope| scope.is_function);
        if !in_function || self.depth != 1 {
            return self.line("pass");
        }
        let name = self.fresh("g");
        self.line(format!("global {name}"));
        self.line(format!("{name} = {value} % 1000"));
        self.declare(&name, Type::Int);
    }

    fn if_statement(&mut self) {
        let condition = self.expr(Type::Bool, 3);
        self.block(format!("if {condition}:"), |g| g.suite(3));
        while self.random.chance(25) {
            let ty = self.some_type();
            let condition = self.expr(ty, 2);
            self.block(format!("elif {condition}:"), |g| g.suite(2));
        }
        if self.random.chance(40) {
            self.block("else:", |g| g.suite(2));
        }
    }

    /// The body of a loop that runs about `times` times.
    fn loop_body(&mut self, header: String, times: u64, declared: &[(String, Type)]) {
        let before = self.times;
        self.times *= times;
        self.loops += 1;
        self.block(header, |g| {
            declared.iter().for_each(|(name, ty)| g.declare(name, *ty));
            g.suite(3);
        });
        self.loops -= 1;
        self.times = before;
        if self.random.chance(25) {
            self.block("else:", |g| g.suite(1));
        }
    }

    fn for_loop(&mut self) {
        let ty = if self.random.chance(60) { Type::Int } else { Type::Str };
        let name = self.fresh(ty.letter());
        let index = self.fresh("i");
        let source = self.iterable(ty, 2);
        let (target, source, declared) = match self.random.below(6) {
            0 => (
                format!("{index}, {name}"),
                format!("enumerate({source})"),
                vec![(index, Type::Int), (name, ty)],
            ),
            1 => {
                let other = self.iterable(Type::Int, 1);
                (
                    format!("{name}, {index}"),
                    format!("zip({source}, {other})"),
                    vec![(index, Type::Int), (name, ty)],
                )
            }
            2 => {
                let dict = self.expr(Type::Dict, 2);
                let key = self.fresh("s");
                (
                    format!("{key}, {index}"),
                    format!("{dict}.items()"),
                    vec![(key, Type::Str), (index, Type::Int)],
                )
            }
            _ => (name.clone(), source, vec![(name, ty)]),
        };
        self.loop_body(format!("for {target} in {source}:"), 5, &declared);
    }

    fn while_loop(&mut self) {
        // Its name is not a variable of the generator, so that nothing else changes it.
        let counter = self.fresh("n");
        let times = 1 + self.random.below(4);
        let condition = if self.random.chance(30) { self.expr(Type::Bool, 2) } else { "True".to_string() };
        self.line(format!("{counter} = {times}"));
        self.loop_body(
            format!("while ({counter} := {counter} - 1) >= 0 and {condition}:"),
            times as u64,
            &[],
        );
    }

    fn try_statement(&mut self) {
        self.block("try:", |g| {
            g.suite(2);
            if g.random.chance(40) {
                g.odd();
            }
        });
        let handlers = self.random.below(3);
        for _ in 0..handlers {
            let class = self.random.pick(&[
                "ValueError",
                "(TypeError, KeyError)",
                "LookupError",
                "ArithmeticError",
                "Custom",
                "Exception",
                "NameError",
                "AttributeError",
            ]);
            let name = self.fresh("e");
            self.block(format!("except {class} as {name}:"), |g| {
                g.line(format!("print('caught', {name}, {name}.args)"));
                g.suite(1);
                match g.random.below(8) {
                    0 => g.line("raise"),
                    1 => g.line(format!("raise Custom('again') from {name}")),
                    2 => g.line("raise KeyError('other')"),
                    _ => {}
                }
            });
        }
        if handlers > 0 && self.random.chance(25) {
            self.block("else:", |g| g.suite(1));
        }
        if handlers == 0 || self.random.chance(40) {
            self.block("finally:", |g| {
                g.line("print('finally')");
                if g.random.chance(40) {
                    // Also jumps, which drop the exception or the value on its way.
                    g.suite(1);
                }
            });
        }
    }

    fn with_statement(&mut self) {
        let name = self.fresh("s");
        let label = self.leaf(Type::Str);
        let swallow =
            self.random.pick(&["", ", ValueError", ", (LookupError, TypeError)", ", swallow=Exception"]);
        let second = self.random.pick(&["", "", ", scope('second')"]);
        self.block(format!("with scope({label}{swallow}) as {name}{second}:"), |g| {
            g.declare(&name, Type::Str);
            g.suite(3);
        });
    }

    fn match_statement(&mut self) {
        let ty = self.some_type();
        let value = self.expr(ty, 2);
        self.block(format!("match {value}:"), |g| {
            for _ in 0..1 + g.random.below(4) {
                let name = g.fresh("i");
                let (pattern, binds) = g.pattern(&name);
                let guard = if g.random.chance(25) {
                    format!(" if {}", g.expr(Type::Bool, 1))
                } else {
                    String::new()
                };
                g.block(format!("case {pattern}{guard}:"), |g| {
                    if binds {
                        g.line(format!("print('bound', pick({name}))"));
                    }
                    g.suite(1);
                });
            }
            if g.random.chance(50) {
                g.block("case _:", |g| g.line("print('no match')"));
            }
        });
    }

    fn pattern(&mut self, name: &str) -> (String, bool) {
        let literal =
            self.random.pick(&["0", "1", "-5", "'a'", "'abc'", "None", "True", "2.5", "b'a'", "'é'"]);
        match self.random.below(10) {
            0 => (literal.to_string(), false),
            1 => (format!("{literal} | 3 | 'x'"), false),
            2 => (format!("[{name}, *_]"), true),
            3 => (format!("({literal}, {name})"), true),
            4 => (format!("[_, _, *{name}]"), true),
            5 => (format!("{{'a': {name}}}"), true),
            6 => (format!("{{'b': _, **{name}}}"), true),
            7 => (
                format!(
                    "{}() as {name}",
                    self.random.pick(&["int", "str", "list", "dict", "float", "tuple"])
                ),
                true,
            ),
            8 => (format!("int({name}) | str({name})"), true),
            _ => (format!("[({literal} | {literal}) as {name}]"), true),
        }
    }
}
