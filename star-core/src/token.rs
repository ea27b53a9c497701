//! Tokens.
//!
//! In: nothing; the lexer makes them. Out: [`Token`], 16 bytes of plain data, read by the parser. Rule: a token
//! holds no text; its span names the text in the piece it was read from.

use std::fmt;

use crate::span::Span;

/// A token and where it stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// Which.
    pub kind: TokenKind,
    /// Its bytes in the current piece. A newline's and the end's span is empty.
    pub span: Span,
    /// A name's symbol; an integer below [`Token::LARGE`]; the [`flag`]s of a string.
    pub value: u32,
}

impl Token {
    /// The `value` of an integer that does not fit: it is decoded from its text.
    pub const LARGE: u32 = u32::MAX;

    /// A token without a value.
    pub fn new(kind: TokenKind, span: Span) -> Token {
        Token { kind, span, value: 0 }
    }
}

/// Bits of a string token's `value`; the two lowest bytes hold the prefix's length and the quote's.
pub mod flag {
    /// `r`: backslashes stand for themselves.
    pub const RAW: u32 = 1 << 16;
    /// `b`: bytes.
    pub const BYTES: u32 = 1 << 17;
    /// `f`: has fields.
    pub const FORMAT: u32 = 1 << 18;
    /// The text is not the value: it has escapes, doubled braces or carriage returns.
    pub const DECODE: u32 = 1 << 19;
    /// The prefix has an `u`, which star refuses.
    pub const UNICODE: u32 = 1 << 20;
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident $text:literal,)*) => {
        /// What a token is. The text of a keyword or operator is its spelling.
        #[derive(Clone, Copy, PartialEq, Eq, Debug, PartialOrd, Ord)]
        #[repr(u8)]
        #[allow(missing_docs)] // the table gives each one's spelling
        pub enum TokenKind { $($(#[$doc])* $name,)* }

        impl TokenKind {
            /// How many kinds there are.
            pub const COUNT: usize = [$(TokenKind::$name),*].len();

            /// A keyword's or operator's spelling; a noun for the others.
            pub fn text(self) -> &'static str {
                const TEXTS: [&str; TokenKind::COUNT] = [$($text),*];
                TEXTS[self as usize]
            }

            /// The keyword, soft keywords included, that is spelt `word`.
            pub fn keyword(word: &str) -> Option<TokenKind> {
                const ALL: [TokenKind; TokenKind::COUNT] = [$(TokenKind::$name),*];
                ALL.into_iter().find(|kind| kind.is_word() && kind.text() == word)
            }
        }
    };
}

kinds! {
    // Names: `Name ..= Restricted`, see `is_name`.
    Name "a name",
    Match "match",
    Case "case",
    Type "type",
    /// A name that star or the host refuses, except as an attribute or a keyword argument.
    Restricted "a name",
    // Literals.
    Int "a number",
    Float "a number",
    Str "a string",
    FStringStart "an f-string",
    FStringMiddle "text",
    FStringEnd "the end of the f-string",
    /// `{` of an f-string.
    FieldOpen "{",
    /// `:` before a format spec.
    FieldColon ":",
    /// `!` before a conversion.
    Bang "!",
    /// `}` of an f-string.
    FieldClose "}",
    // Keywords: `And ..= Yield`, see `is_keyword`.
    And "and",
    As "as",
    Assert "assert",
    Async "async",
    Await "await",
    Break "break",
    Class "class",
    Continue "continue",
    Def "def",
    Del "del",
    Elif "elif",
    Else "else",
    Except "except",
    False "False",
    Finally "finally",
    For "for",
    From "from",
    Global "global",
    If "if",
    Import "import",
    In "in",
    Is "is",
    Lambda "lambda",
    None "None",
    Nonlocal "nonlocal",
    Not "not",
    Or "or",
    Pass "pass",
    Raise "raise",
    Return "return",
    True "True",
    Try "try",
    While "while",
    With "with",
    Yield "yield",
    // Operators and delimiters.
    LParen "(",
    RParen ")",
    LBracket "[",
    RBracket "]",
    LBrace "{",
    RBrace "}",
    Comma ",",
    Colon ":",
    Semicolon ";",
    Dot ".",
    Ellipsis "...",
    Arrow "->",
    At "@",
    Assign "=",
    Walrus ":=",
    Plus "+",
    Minus "-",
    Star "*",
    DoubleStar "**",
    Slash "/",
    DoubleSlash "//",
    Percent "%",
    Amper "&",
    Pipe "|",
    Caret "^",
    Tilde "~",
    Shl "<<",
    Shr ">>",
    Lt "<",
    Le "<=",
    Eq "==",
    Ne "!=",
    Gt ">",
    Ge ">=",
    PlusAssign "+=",
    MinusAssign "-=",
    StarAssign "*=",
    SlashAssign "/=",
    DoubleSlashAssign "//=",
    PercentAssign "%=",
    DoubleStarAssign "**=",
    AtAssign "@=",
    AmperAssign "&=",
    PipeAssign "|=",
    CaretAssign "^=",
    ShlAssign "<<=",
    ShrAssign ">>=",
    // Ends of the token list.
    Newline "newline",
    EndOfInput "end of input",
    /// Where the lexer found an error: what lies before it is parsed first.
    Stop "an invalid token",
}

impl TokenKind {
    /// Whether it can be a name: a plain one, a soft keyword, or (checked further) a restricted one.
    pub fn is_name(self) -> bool {
        self <= TokenKind::Restricted
    }

    /// Whether it is reserved.
    pub fn is_keyword(self) -> bool {
        self >= TokenKind::And && self <= TokenKind::Yield
    }

    /// Whether the token's `value` is a [`Symbol`](crate::intern::Symbol).
    pub fn has_symbol(self) -> bool {
        matches!(self, TokenKind::Name | TokenKind::Restricted)
            || matches!(self, TokenKind::Match | TokenKind::Case | TokenKind::Type)
    }

    /// Whether its spelling is a word with a meaning of its own.
    fn is_word(self) -> bool {
        self.is_keyword() || matches!(self, TokenKind::Match | TokenKind::Case | TokenKind::Type)
    }

    /// Whether it ends the tokens of a line.
    pub fn is_end(self) -> bool {
        self >= TokenKind::Newline
    }

    /// Whether an expression can start with it.
    pub fn starts_expression(self) -> bool {
        use TokenKind::*;
        self.is_name()
            || matches!(
                self,
                Int | Float
                    | Str
                    | FStringStart
                    | LParen
                    | LBracket
                    | LBrace
                    | Minus
                    | Plus
                    | Tilde
                    | Not
                    | Lambda
                    | None
                    | True
                    | False
                    | Ellipsis
                    | Await
            )
    }

    /// Whether an operand can end with it.
    pub fn ends_operand(self) -> bool {
        use TokenKind::*;
        self.is_name()
            || matches!(
                self,
                Int | Float | Str | FStringEnd | RParen | RBracket | RBrace | None | True | False | Ellipsis
            )
    }
}

impl fmt::Display for TokenKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

/// `Name 3..7`, as `star dump tokens` shows it after the token's text.
impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} {:?}", self.kind, self.span)
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
