//! What star leaves out.
//!
//! In: a restricted name or keyword that was just read. Out: a message that says what to write instead. Rule: it
//! is refused as the token is read, before its line is complete; whether a name inside brackets is a keyword
//! argument is seen at the token after it.

use super::class;
use super::line::{Failed, Line, Parse};
use crate::lexer::codes;
use crate::lexer::problem::{Problem, quote};
use crate::lexer::{is_refused, is_refused_dunder};
use crate::token::{Token, TokenKind};

use TokenKind as T;

/// What the tokens of a line so far say about the restricted ones among the last two.
pub(super) enum Verdict {
    /// Nothing is wrong.
    Fine,
    /// The next token decides.
    Wait,
    /// Refused.
    Refused(Box<Problem>),
}

/// Judges the last two tokens of a line.
pub(super) fn judge(text: &str, tokens: &[Token], in_bracket: bool) -> Verdict {
    if let Some(class) =
        tokens.iter().rev().take(2).chain(tokens.first()).find(|token| token.kind == T::Class)
    {
        let complete = tokens.last().is_some_and(|token| token.kind == T::Colon) && !in_bracket;
        return if complete { Verdict::Refused(class::refuse(text, *class)) } else { Verdict::Wait };
    }
    let count = tokens.len();
    let imported = count >= 4 && tokens[0].kind == T::From;
    if count >= 2 && tokens[count - 2].kind == T::Restricted {
        let named = (tokens[count - 1].kind == T::Assign && in_bracket)
            || (tokens[count - 1].kind == T::As && imported);
        let attribute = count >= 3 && tokens[count - 3].kind == T::Dot;
        if !named && !attribute {
            return Verdict::Refused(refuse(text, tokens[count - 2]));
        }
    }
    let Some(last) = tokens.last().filter(|token| token.kind == T::Restricted) else { return Verdict::Fine };
    let attribute = count >= 2 && tokens[count - 2].kind == T::Dot;
    let dunder = is_refused_dunder(word(text, *last));
    match (attribute, dunder, in_bracket || imported) {
        (_, true, _) | (false, _, false) => Verdict::Refused(refuse(text, *last)),
        (true, ..) => Verdict::Fine,
        (false, false, true) => Verdict::Wait,
    }
}

fn word(text: &str, token: Token) -> &str {
    text.get(token.span.start as usize..token.span.end as usize).unwrap_or("")
}

/// Why a restricted name is refused.
fn refuse(text: &str, token: Token) -> Box<Problem> {
    let word = word(text, token);
    if !is_refused(word) {
        let message = format!("{} is not allowed here: the host has blocked it", quote(word));
        return Problem::new(codes::BLOCKED, token.span, message);
    }
    let instead = match word {
        "eval" => "write the expression itself; to read data, use json.loads",
        "exec" | "compile" => "write the code itself, in a function that is called where it is needed",
        "__import__" => "use require(\"module\")",
        "open" => "use the functions of require(\"os\"), such as os.read_file(path)",
        "input" => "read lines from require(\"os\").stdin",
        "globals" | "locals" | "vars" => "keep names that are looked up at run time in a dict",
        "complex" => "keep the two parts as a pair of floats",
        "__file__" => "there is only __name__",
        "__future__" => "leave the line out",
        "__all__" => "leave it out: a module exports its top-level names that do not start with '_'",
        "__class__" => "use type(value), or isinstance(value, type)",
        "__dict__" => "keep the fields in a dict, or name each attribute",
        "__len__" => "use len(value)",
        "__iter__" => "use iter(value)",
        "__next__" => "use next(value)",
        "__getitem__" => "use value[key]",
        "__setitem__" => "use value[key] = item",
        "__contains__" => "use item in value",
        "__str__" => "use str(value)",
        "__repr__" => "use repr(value)",
        "__call__" => "call the value itself",
        "__init__" => "a struct made by struct.define takes its fields as arguments",
        "__add__" | "__sub__" | "__mul__" | "__eq__" | "__lt__" | "__gt__" | "__le__" | "__ge__"
        | "__ne__" => "use the operator",
        "__enter__" | "__exit__" => "use 'with'",
        _ => "names with two underscores on both sides are not part of star, but for __name__ and __doc__",
    };
    Problem::new(codes::REFUSED, token.span, format!("star has no {}: {instead}", quote(word)))
}

impl Line<'_> {
    /// Fails at a restricted name that stands where no attribute or keyword argument does.
    #[cold]
    pub(super) fn refuse_name<T>(&mut self, token: Token) -> Parse<T> {
        let problem = refuse(self.text, token);
        self.fail(problem)
    }

    /// Fails at `class`.
    #[cold]
    pub(super) fn refuse_class(&mut self) -> Parse<()> {
        let problem = class::refuse(self.text, self.token());
        self.fail(problem)
    }

    /// Fails if the host refuses the soft keyword that starts a statement.
    pub(super) fn refuse_blocked_word(&mut self, kind: T, start: u32) -> Parse<()> {
        if !self.blocked.contains(kind.text()) {
            return Ok(());
        }
        let span = crate::span::Span::new(start, start + kind.text().len() as u32);
        let message = format!("'{kind}' is not allowed here: the host has blocked it");
        self.problem = Some(Problem::new(codes::BLOCKED, span, message));
        self.failed_at = 0;
        Err(Failed)
    }

    /// Whether `type X = …` or `type X[…] = …` starts here.
    pub(super) fn is_type_alias(&self) -> bool {
        let after = self.tokens.get(self.at + 2).map_or(T::Newline, |token| token.kind);
        self.next_kind().is_name() && matches!(after, T::Assign | T::LBracket)
    }

    #[cold]
    pub(super) fn refuse_type_alias(&mut self) -> Parse<()> {
        let span = self.token().span;
        let message = "star has no type aliases: leave the statement out, annotations are never evaluated";
        self.fail_at(codes::REFUSED, span, message)
    }

    /// `from . import x`
    #[cold]
    pub(super) fn relative_import<T>(&mut self) -> Parse<T> {
        let message = "star has no relative imports: write lib = require(\"./lib.star\")";
        self.fail_at(codes::IMPORT, self.token().span, message)
    }

    /// `import x from y`
    #[cold]
    pub(super) fn import_from<T>(&mut self) -> Parse<T> {
        let message = "'from' comes first: write 'from module import name'";
        self.fail_at(codes::FOREIGN, self.token().span, message)
    }
}
