//! What every random program begins with.
//!
//! In: nothing. Out: variables of each type, and functions that statements use by name. Rule: the names here have
//! no digits, those of [`Generator::fresh`] have.

use super::{Function, Generator, Type};

const PRELUDE: &str = r#"# A random program.
def show(*values, **named):
    print(*values, **named)
    return len(values)
def scope(name, swallow=()):
    print("enter", name)
    try:
        yield name
    except swallow as e:
        print("swallowed", type(e).__name__, e)
    finally:
        print("leave", name)
def traced(f):
    def inner(*args, **kwargs):
        print("call", *map(pick, args), {k: pick(v) for k, v in kwargs.items()})
        return f(*args, **kwargs)
    return inner
def failing(x, kind=ValueError):
    if x:
        raise kind("failing", x)
    return x
def pick(v):
    return sorted(v, key=repr) if isinstance(v, (set, frozenset)) else v
def down(n):
    return 0 if n <= 0 else 1 + down(min(n, 300) - 1)
def halves(n):
    while n:
        sent = yield n
        if sent:
            print("sent", sent)
        n //= 2
    return "done"
Custom = error("Custom", base=LookupError)
Point = struct.define("Point", x=0, y=1)
"#;

impl Generator {
    pub(super) fn prelude(&mut self) {
        self.out.push_str(PRELUDE);
        for &ty in Type::ALL {
            let value = self.leaf(ty);
            self.assign_new(ty, value);
        }
        let scope = &mut self.scopes[0];
        scope.functions.push(Function {
            name: "down".to_string(),
            params: vec![("n".to_string(), Type::Bool)],
            defaults: 0,
            returns: Type::Int,
            yields: false,
            cost: 4,
        });
    }
}
