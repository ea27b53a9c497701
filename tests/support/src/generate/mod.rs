//! Random programs.
//!
//! In: a [`Random`]. Out: the source of a program that is valid in star and in CPython, prints much of what it
//! computes, and ends within about a hundred thousand steps. Rule: nothing it prints depends on addresses, on the
//! order of a set, or on what only one of the two has.
//!
//! Expressions are made for a type (`Type`), so that most of them have a value; one in some dozens is of another type
//! than it should be, because errors are half of a language. What a loop or a call multiplies is counted as `cost`.

mod expression;
mod function;
mod prelude;
mod statement;

use crate::Random;

/// What an expression is made to be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Type {
    Int,
    Float,
    Bool,
    Str,
    Bytes,
    Ints,
    Strs,
    Dict,
    Set,
    Pair,
}

impl Type {
    const ALL: &'static [Type] = &[
        Type::Int,
        Type::Str,
        Type::Ints,
        Type::Dict,
        Type::Float,
        Type::Bool,
        Type::Strs,
        Type::Pair,
        Type::Set,
        Type::Bytes,
    ];

    /// First letter of its variables' names.
    fn letter(self) -> &'static str {
        match self {
            Type::Int => "i",
            Type::Float => "x",
            Type::Bool => "b",
            Type::Str => "s",
            Type::Bytes => "y",
            Type::Ints => "l",
            Type::Strs => "w",
            Type::Dict => "d",
            Type::Set => "u",
            Type::Pair => "p",
        }
    }
}

/// A function that can be called.
#[derive(Clone, Debug)]
struct Function {
    name: String,
    params: Vec<(String, Type)>,
    /// How many of the last parameters have defaults.
    defaults: usize,
    returns: Type,
    /// It is a generator of this type.
    yields: bool,
    cost: u64,
}

/// Names that a block, a comprehension or a function adds.
#[derive(Debug, Default)]
struct Scope {
    variables: Vec<(String, Type)>,
    functions: Vec<Function>,
    /// The names above belong to another function: they can be read, not assigned.
    is_function: bool,
}

/// Cost that a whole program may have, and a single call in it.
const MAX_COST: u64 = 20_000;
const MAX_CALL_COST: u64 = 1_500;

/// A program in the making.
struct Generator {
    random: Random,
    out: String,
    indent: usize,
    scopes: Vec<Scope>,
    names: usize,
    /// Statements nested around this one.
    depth: usize,
    /// Loops around this statement in its function.
    loops: usize,
    /// What the function at hand returns, if it is one, and whether it is a generator.
    returns: Option<(Type, bool)>,
    /// How often the statement at hand runs, for one run of its function.
    times: u64,
    cost: u64,
}

/// A program that follows from `random`; `size` is about how many statements its top level has.
pub fn program(random: Random, size: usize) -> String {
    let mut generator = Generator {
        random,
        out: String::new(),
        indent: 0,
        scopes: vec![Scope::default()],
        names: 0,
        depth: 0,
        loops: 0,
        returns: None,
        times: 1,
        cost: 0,
    };
    generator.prelude();
    for _ in 0..size {
        generator.top_level();
    }
    generator.out
}

impl Generator {
    fn line(&mut self, text: impl AsRef<str>) {
        self.out.push_str(&"    ".repeat(self.indent));
        self.out.push_str(text.as_ref());
        self.out.push('\n');
    }

    /// A header and its block.
    fn block(&mut self, header: impl AsRef<str>, body: impl FnOnce(&mut Generator)) {
        self.line(header);
        self.indent += 1;
        self.depth += 1;
        self.scopes.push(Scope::default());
        let before = self.out.len();
        body(self);
        if self.out.len() == before {
            self.line("pass");
        }
        self.scopes.pop();
        self.depth -= 1;
        self.indent -= 1;
    }

    /// A name that nothing else has.
    fn fresh(&mut self, letter: &str) -> String {
        self.names += 1;
        format!("{letter}{}", self.names)
    }

    fn declare(&mut self, name: &str, ty: Type) {
        let scope = self.scopes.last_mut().expect("a scope");
        scope.variables.push((name.to_string(), ty));
    }

    /// A variable of the type that can be read here.
    fn readable(&mut self, ty: Type) -> Option<String> {
        let names = self.scopes.iter().flat_map(|scope| &scope.variables).filter(|variable| variable.1 == ty);
        let names: Vec<String> = names.map(|variable| variable.0.clone()).collect();
        (!names.is_empty()).then(|| names[self.random.below(names.len())].clone())
    }

    /// A variable of the type that the function at hand may assign.
    fn assignable(&mut self, ty: Type) -> Option<String> {
        let own = self.scopes.iter().rposition(|scope| scope.is_function).unwrap_or(0);
        let names = self.scopes[own..].iter().flat_map(|scope| &scope.variables);
        let names: Vec<String> = names.filter(|variable| variable.1 == ty).map(|v| v.0.clone()).collect();
        (!names.is_empty()).then(|| names[self.random.below(names.len())].clone())
    }

    /// A function that may be called here, given what loops multiply; its cost is paid.
    fn callable(&mut self, returns: Type, yields: bool) -> Option<Function> {
        let room = MAX_COST.saturating_sub(self.cost).min(MAX_CALL_COST);
        let functions = self.scopes.iter().flat_map(|scope| &scope.functions);
        let fits =
            functions.filter(|f| f.returns == returns && f.yields == yields && f.cost * self.times <= room);
        let fitting: Vec<Function> = fits.cloned().collect();
        if fitting.is_empty() {
            return None;
        }
        let function = fitting[self.random.below(fitting.len())].clone();
        self.cost += function.cost * self.times;
        Some(function)
    }

    fn some_type(&mut self) -> Type {
        Type::ALL[self.random.below(Type::ALL.len())]
    }
}

#[test]
fn a_seed_is_a_program() {
    let make = |seed| program(Random::new(seed), 8);
    assert_eq!(make(1), make(1));
    assert_ne!(make(1), make(2));
    assert!(program(Random::from_bytes(b""), 3).contains("print"));
}
