//! The codes of errors in source.
//!
//! In: nothing. Out: a constant for each kind of syntax error, and the table that docs/events.md lists. Rule:
//! a code never changes its meaning; new kinds get new numbers. Run-time exceptions use `E01xx`.

macro_rules! codes {
    ($($name:ident $code:literal $text:literal;)*) => {
        $(#[doc = $text] pub const $name: &str = $code;)*

        /// Every code with its meaning, in order.
        pub const TABLE: &[(&str, &str)] = &[$(($code, $text)),*];
    };
}

codes! {
    UNEXPECTED "E0001" "Something else was expected here";
    MISSING_COLON "E0002" "A block header without its ':'";
    UNCLOSED "E0003" "A bracket that is never closed";
    MISMATCHED "E0004" "A closing bracket without the opening one that it belongs to";
    UNTERMINATED "E0005" "A string that does not end";
    CHARACTER "E0006" "A character that means nothing outside strings";
    NUMBER "E0007" "A malformed number";
    STRING "E0008" "A string literal with malformed content";
    ENCODING "E0009" "Source that is not UTF-8, or that holds a null byte";
    NO_BLOCK "E0010" "A block header without an indented block";
    INDENT "E0011" "An indent that no block header asks for";
    UNINDENT "E0012" "An unindent to a column that no block has";
    TABS "E0013" "Tabs and spaces mixed so that the indentation is ambiguous";
    TARGET "E0014" "Something that cannot be assigned to or deleted";
    PARAMETERS "E0015" "A malformed parameter list";
    ARGUMENTS "E0016" "Arguments of a call in a wrong order or repeated";
    OUTSIDE_FUNCTION "E0017" "'return' or 'yield' outside a function";
    OUTSIDE_LOOP "E0018" "'break' or 'continue' outside a loop";
    REFUSED "E0019" "A construct of Python that star leaves out";
    BLOCKED "E0020" "A keyword or builtin that the host refuses";
    NESTING "E0021" "Source nested deeper than the limit";
    PATTERN "E0022" "A malformed pattern of 'case'";
    CLAUSE "E0023" "A clause without the statement that it belongs to, or in a wrong order";
    FSTRING "E0024" "A malformed f-string";
    FOREIGN "E0025" "The spelling of another language";
    MISSPELT "E0026" "A misspelt keyword";
    CONTINUATION "E0027" "A malformed line continuation";
    CUT_OFF "E0028" "The input ended in the middle of a statement";
    SCOPE "E0029" "A misplaced 'global' or 'nonlocal'";
    COMPREHENSION "E0030" "A malformed comprehension";
    STARRED "E0031" "A starred expression where none is allowed";
    IMPORT "E0032" "A malformed import";
    FIXED "E0033" "Another binding than a default for a name that the host has given";
}
