//! Random functions, closures and generators.
//!
//! In: the scope they stand in. Out: a `def`, after which statements may call it, and uses of generators. Rule: a function
//! calls only what is defined before it, so that calls end; the cost of a body is that of its calls.

use super::{Function, Generator, MAX_CALL_COST, MAX_COST, Scope, Type};

impl Generator {
    pub(super) fn function(&mut self) {
        if self.depth > 2 || self.cost > MAX_COST {
            return self.print();
        }
        let name = self.fresh("f");
        let yields = self.random.chance(25);
        let returns = match yields {
            true => [Type::Int, Type::Str][self.random.below(2)],
            false => self.some_type(),
        };
        let mut params = Vec::new();
        for _ in 0..self.random.below(4) {
            let ty = self.some_type();
            params.push((self.fresh(ty.letter()), ty));
        }
        let defaults = self.random.below(params.len() + 1);
        let header = self.signature(&params, defaults);
        if self.random.chance(10) {
            self.line("@traced");
        }
        let cost = self.function_body(format!("def {name}({header}):"), &params, returns, yields);
        let function = Function { name, params, defaults, returns, yields, cost };
        let scope = self.scopes.last_mut().expect("a scope");
        scope.functions.push(function);
    }

    fn signature(&mut self, params: &[(String, Type)], defaults: usize) -> String {
        let first_default = params.len() - defaults;
        let mut parts: Vec<String> = Vec::new();
        for (i, (name, ty)) in params.iter().enumerate() {
            let default = if i >= first_default { format!("={}", self.leaf(*ty)) } else { String::new() };
            parts.push(format!("{name}{default}"));
        }
        if self.random.chance(15) {
            parts.push("*rest".to_string());
        }
        if self.random.chance(15) {
            parts.push("**named".to_string());
        }
        parts.join(", ")
    }

    /// Writes the body and returns what one call costs.
    fn function_body(
        &mut self,
        header: String,
        params: &[(String, Type)],
        returns: Type,
        yields: bool,
    ) -> u64 {
        let outer = (self.returns, self.loops, self.times, self.cost, self.depth);
        (self.returns, self.loops, self.times, self.cost, self.depth) = (Some((returns, yields)), 0, 1, 0, 0);
        self.scopes.push(Scope { is_function: true, ..Scope::default() });
        self.block(header, |g| {
            params.iter().for_each(|(name, ty)| g.declare(name, *ty));
            g.captured();
            g.suite(3);
            if yields {
                g.yields(returns);
            } else {
                let value = g.bounded(returns, 3);
                g.line(format!("return {value}"));
            }
        });
        self.scopes.pop();
        let cost = self.cost.clamp(2, MAX_CALL_COST * 2);
        (self.returns, self.loops, self.times, self.cost, self.depth) = outer;
        cost
    }

    /// Declares variables of the functions around as this one's own to assign.
    fn captured(&mut self) {
        let functions = self.scopes.iter().filter(|scope| scope.is_function).count();
        if functions < 2 || !self.random.chance(60) {
            return;
        }
        let own = self.scopes.iter().rposition(|scope| scope.is_function).expect("a function");
        let outer = self.scopes[..own].iter().rposition(|scope| scope.is_function).expect("another");
        let names = self.scopes[outer..own].iter().flat_map(|scope| scope.variables.clone());
        let candidates: Vec<(String, Type)> = names.filter(|(_, ty)| *ty == Type::Int).collect();
        if candidates.is_empty() {
            return;
        }
        let (name, ty) = candidates[self.random.below(candidates.len())].clone();
        // A name that the function around has declared global cannot be nonlocal.
        if name.starts_with('g') {
            return;
        }
        self.line(format!("nonlocal {name}"));
        self.line(format!("{name} += 1"));
        self.declare(&name, ty);
    }

    fn yields(&mut self, ty: Type) {
        let value = self.bounded(ty, 2);
        match self.random.below(5) {
            0 => {
                let source = self.iterable(ty, 1);
                self.line(format!("yield from {source}"));
            }
            1 => {
                let received = self.fresh("r");
                self.line(format!("{received} = yield {value}"));
                self.line(format!("print('received', {received})"));
            }
            2 => {
                let name = self.fresh(ty.letter());
                let source = self.iterable(ty, 1);
                self.line(format!("for {name} in {source}: yield {name}"));
            }
            3 => {
                // A generator that is dropped says nothing: CPython closes it, star does not.
                let done = self.fresh("done");
                self.line(format!("{done} = False"));
                self.block("try:", |g| {
                    g.line(format!("yield {value}"));
                    g.line(format!("{done} = True"));
                });
                self.block("finally:", |g| g.line(format!("if {done}: print('closed')")));
            }
            _ => {
                self.line(format!("yield {value}"));
                self.line(format!("return {value}"));
            }
        }
    }

    /// Runs a generator by hand.
    pub(super) fn generator_use(&mut self) {
        let ty = [Type::Int, Type::Str][self.random.below(2)];
        let call = match self.callable(ty, true) {
            Some(f) => format!("{}({})", f.name, self.arguments(&f.params, f.defaults, 1)),
            None => format!("halves({})", self.random.below(40)),
        };
        let name = self.fresh("k");
        self.line(format!("{name} = {call}"));
        for _ in 0..1 + self.random.below(3) {
            let value = self.expr(Type::Int, 1);
            let text = match self.random.below(7) {
                0 => format!("print(next({name}))"),
                1 => format!("print(next({name}, 'end'))"),
                2 => format!("print({name}.send({value}))"),
                3 => format!(
                    "print({name}.throw({}))",
                    self.random.pick(&["ValueError('thrown')", "Custom(1)"])
                ),
                4 => format!("print({name}.close())"),
                5 => format!("print(list({name})[:9])"),
                _ => format!("print({name}.send(None))"),
            };
            let caught = self.fresh("e");
            self.block("try:", |g| g.line(text));
            self.block(format!("except Exception as {caught}:"), |g| {
                g.line(format!("print(type({caught}).__name__, {caught})"));
            });
        }
        // No generator is left suspended in a `try`: when its `finally` runs is up to the collector.
        self.line(format!("{name}.close()"));
    }
}
