//! Messages about what is wrong, by code. Each line is what a reader sees.

use super::check_error;

#[test]
fn unexpected() {
    check_error(
        "x = = 1",
        "E0001 Syntax 1:5-6 expected a value after '=', found '=' | \"\" at 1:5 | \"==\" at 1:3",
    );
    check_error("x == = 1", "E0001 Syntax 1:6-7 expected an expression after '==', found '='");
    check_error(
        "if x = 1:\n  y",
        "E0001 Syntax 1:6-7 '=' assigns and cannot be part of a condition; a comparison is '==' | \"==\" at 1:6",
    );
    check_error(
        "x = 1 // 2 comment",
        "E0001 Syntax 1:12-19 expected an operator or the end of the statement, found name 'comment' | \",\" at 1:11 | \"#\" at 1:7",
    );
    check_error(
        "x = [1\ny = 2",
        "E0001 Syntax 2:1-2 expected ',' or ']', found name 'y' | \",\" at 1:7 (1:5 '[' was opened here)",
    );
    check_error(
        "try:\n x\nexcept A, B:\n y",
        "E0001 Syntax 3:8-12 several exception types need parentheses around them | \"(A, B)\" at 3:8",
    );
    check_error("@a\nx = 1", "E0001 Syntax 2:1-2 expected 'def' after a decorator, found name 'x'");
    check_error("match x:\n  case 1: pass\n  y", "E0001 Syntax 3:3-4 expected 'case', found name 'y'");
    check_error(
        "x = 1 2",
        "E0001 Syntax 1:7-8 expected an operator or the end of the statement, found number '2' | \",\" at 1:6",
    );
    check_error(
        "x = [1 2]",
        "E0001 Syntax 1:8-9 expected ',' or ']', found number '2' | \",\" at 1:7 (1:5 '[' was opened here)",
    );
    check_error(
        "x = {1: 2 3: 4}",
        "E0001 Syntax 1:11-12 expected ',' or '}', found number '3' | \",\" at 1:10 (1:5 '{' was opened here)",
    );
    check_error(
        "x = {a = 1}",
        "E0001 Syntax 1:8-9 '=' cannot be used inside an expression; a comparison is '==' | \"==\" at 1:8 | \":=\" at 1:8 (1:5 '{' was opened here)",
    );
    check_error("x = {1:}", "E0001 Syntax 1:8-9 expected a value after ':' in the dict, found '}'");
    check_error("x = (1 +)", "E0001 Syntax 1:9-10 expected an expression after '+', found ')'");
    check_error("x = 1 +", "E0001 Syntax 1:8 expected an expression after '+', found newline");
    check_error("x + * y", "E0001 Syntax 1:5-6 expected an expression after '+', found '*'");
    check_error("not", "E0001 Syntax 1:4 expected an expression after 'not', found newline");
    check_error(
        "x not y",
        "E0001 Syntax 1:3-6 expected an operator or the end of the statement, found keyword 'not' | \",\" at 1:2",
    );
    check_error("a < > b", "E0001 Syntax 1:5-6 expected an expression after '<', found '>'");
    check_error("x = 5 % ", "E0001 Syntax 1:9 expected an expression after '%', found newline");
    check_error(
        "1.5.2",
        "E0001 Syntax 1:4-6 expected an operator or the end of the statement, found number '.2' | \",\" at 1:4",
    );
    check_error(
        "f'{x!z}'",
        "E0001 Syntax 1:6-7 expected 's', 'r' or 'a' after '!' in the f-string, found name 'z'",
    );
    check_error(
        "f'{x y}'",
        "E0001 Syntax 1:6-7 expected '=', '!', ':' or '}' in the f-string, found name 'y'",
    );
    check_error("global x, 1", "E0001 Syntax 1:11-12 expected a name after 'global', found number '1'");
    check_error("import", "E0001 Syntax 1:7 expected a module name after 'import', found newline");
    check_error("from x", "E0001 Syntax 1:7 expected 'import' after the module's name, found newline");
    check_error("from x import", "E0001 Syntax 1:14 expected a name to import, found newline");
    check_error("def", "E0001 Syntax 1:4 expected a function name after 'def', found newline");
    check_error(
        "def f",
        "E0001 Syntax 1:6 expected '(' after the function's name, found newline | \"(\" at 1:6",
    );
    check_error("if", "E0001 Syntax 1:3 expected a condition after 'if', found newline");
    check_error("while", "E0001 Syntax 1:6 expected a condition after 'while', found newline");
    check_error("for x", "E0001 Syntax 1:6 expected 'in' after the target of 'for', found newline");
    check_error("for x in", "E0001 Syntax 1:9 expected something to iterate over after 'in', found newline");
    check_error("assert", "E0001 Syntax 1:7 expected an expression, found newline");
    check_error("del", "E0001 Syntax 1:4 expected a target after 'del', found newline");
    check_error("with", "E0001 Syntax 1:5 expected an expression, found newline");
    check_error(
        "a.1",
        "E0001 Syntax 1:2-4 expected an operator or the end of the statement, found number '.1' | \",\" at 1:2",
    );
    check_error("a.", "E0001 Syntax 1:3 expected an attribute name after '.', found newline");
    check_error("a..b", "E0001 Syntax 1:3-4 expected an attribute name after '.', found '.'");
    check_error("x[]", "E0001 Syntax 1:3-4 expected an index or a slice, found ']'");
    check_error("x[1:2:3:4]", "E0001 Syntax 1:8-9 expected ',' or ']', found ':' (1:2 '[' was opened here)");
    check_error(
        "a := 1",
        "E0001 Syntax 1:3-5 ':=' at the top of a statement needs parentheses; an assignment is '=' | \"=\" at 1:3",
    );
    check_error(
        "print('it's')",
        "E0001 Syntax 1:11-12 expected the end of the expression, found name 's' right behind a string (1:10 a quote inside a string needs a backslash, or the other kind of quotes around it)",
    );
    check_error(
        "say('don't')",
        "E0001 Syntax 1:10-11 expected the end of the expression, found name 't' right behind a string (1:9 a quote inside a string needs a backslash, or the other kind of quotes around it)",
    );
    check_error("if x: if y: z", "E0001 Syntax 1:7-9 'if' must start a line of its own");
    check_error("x = 1; if y: z", "E0001 Syntax 1:8-10 'if' must start a line of its own");
    check_error("x = if y: z", "E0001 Syntax 1:5-7 expected a value after '=', found keyword 'if'");
    check_error("pass x", "E0001 Syntax 1:6-7 expected the end of the statement, found name 'x'");
    check_error("import a.b as", "E0001 Syntax 1:14 expected a name after 'as', found newline");
    check_error(
        "a b c",
        "E0001 Syntax 1:3-4 expected an operator or the end of the statement, found name 'b' | \",\" at 1:2",
    );
    check_error(
        "foo bar",
        "E0001 Syntax 1:5-8 expected an operator or the end of the statement, found name 'bar' | \",\" at 1:4",
    );
    check_error("x =", "E0001 Syntax 1:4 expected a value after '=', found newline");
    check_error("x +=", "E0001 Syntax 1:5 expected a value after '+=', found newline");
    check_error(
        "def f(x:int, y) -> : pass",
        "E0001 Syntax 1:20-21 expected a return annotation after '->', found ':'",
    );
    check_error(
        "d = {'a': 1\n  'b': 2}",
        "E0001 Syntax 2:3-6 expected ',' or '}', found a string | \",\" at 1:12 (1:5 '{' was opened here)",
    );
    check_error(
        "l = [1,\n 2\n 3]",
        "E0001 Syntax 3:2-3 expected ',' or ']', found number '3' | \",\" at 2:3 (1:5 '[' was opened here)",
    );
    check_error(
        "x = 3 if y",
        "E0001 Syntax 1:11 expected 'else' after the condition of a conditional expression, found newline",
    );
    check_error("lambda: return", "E0001 Syntax 1:9-15 expected an expression, found keyword 'return'");
    check_error("a = b = ", "E0001 Syntax 1:9 expected a value after '=', found newline");
    check_error("=", "E0001 Syntax 1:1-2 expected a statement, found '='");
    check_error("==", "E0001 Syntax 1:1-3 expected a statement, found '=='");
    check_error("a;;b", "E0001 Syntax 1:3-4 expected a statement, found ';'");
    check_error(";", "E0001 Syntax 1:1-2 expected a statement, found ';'");
    check_error("a,,b", "E0001 Syntax 1:3-4 expected the end of the statement, found ','");
    check_error("f(,)", "E0001 Syntax 1:3-4 expected an expression after '(', found ','");
    check_error("f(a,,b)", "E0001 Syntax 1:5-6 expected an expression after ',', found ','");
    check_error("[,]", "E0001 Syntax 1:2-3 expected an expression, found ','");
    check_error("x = 10 if y else", "E0001 Syntax 1:17 expected an expression, found newline");
}

#[test]
fn missing_colons() {
    check_error(
        "if x\n  y",
        "E0002 Syntax 1:5 expected ':' after the condition, found newline | \":\" at 1:5",
    );
    check_error(
        "def f()",
        "E0002 Syntax 1:8 expected ':' after the parameters, found newline | \":\" at 1:8",
    );
    check_error(
        "for x in y",
        "E0002 Syntax 1:11 expected ':' after the 'for' line, found newline | \":\" at 1:11",
    );
    check_error(
        "with x",
        "E0002 Syntax 1:7 expected ':' after the 'with' line, found newline | \":\" at 1:7",
    );
    check_error(
        "while True print(x)",
        "E0002 Syntax 1:12-17 expected ':' after the condition, found name 'print' | \":\" at 1:11",
    );
    check_error(
        "for i in range(3) print(i)",
        "E0002 Syntax 1:19-24 expected ':' after the 'for' line, found name 'print' | \":\" at 1:18",
    );
    check_error("try", "E0002 Syntax 1:4 expected ':' after 'try', found newline | \":\" at 1:4");
}

#[test]
fn unclosed_brackets() {
    check_error("x = (1, 2", "E0003 Syntax 1:5-6 '(' was never closed (1:10 the input ends here)");
    check_error(
        "foo(1\nreturn x",
        "E0003 Syntax 2:1-7 expected ')', found keyword 'return': '(' is not closed (1:4 '(' was opened here)",
    );
    check_error("def f(", "E0003 Syntax 1:6-7 '(' was never closed (1:7 the input ends here)");
    check_error("x[1", "E0003 Syntax 1:2-3 '[' was never closed (1:4 the input ends here)");
    check_error(
        "if (x == 1:\n  y",
        "E0003 Syntax 1:11-12 expected ')', found ':': '(' is not closed | \")\" at 1:11 (1:4 '(' was opened here)",
    );
}

#[test]
fn mismatched_brackets() {
    check_error(
        "x = (1, 2]",
        "E0004 Syntax 1:10-11 expected ')', found ']' | \")\" at 1:10 (1:5 '(' was opened here)",
    );
    check_error("()) ", "E0004 Syntax 1:3-4 ')' closes nothing: no bracket is open");
    check_error("x = )", "E0004 Syntax 1:5-6 ')' closes nothing: no bracket is open");
    check_error("}", "E0004 Syntax 1:1-2 '}' closes nothing: no bracket is open");
}

#[test]
fn unterminated_strings() {
    check_error(
        "x = 'abc",
        "E0005 Syntax 1:5-9 this string is not closed at the end of the input: expected \"'\" (1:5 the string starts here)",
    );
    check_error(
        "x = 'abc\ny",
        "E0005 Syntax 1:5-9 this string is not closed at the end of its line: expected \"'\" (1:5 the string starts here)",
    );
    check_error(
        "x = '''abc\n",
        "E0005 Syntax 1:5-8 this string is never closed: expected \"'''\", found the end of input",
    );
    check_error(
        "f'{x:",
        "E0005 Syntax 1:1-6 this f-string is not closed at the end of its line: expected \"'\" (1:1 the f-string starts here)",
    );
    check_error(
        "f\"{x['a\"]}\"",
        "E0005 Syntax 1:6-12 this string is not closed at the end of the input: expected \"'\" (1:6 the string starts here)",
    );
    check_error(
        "'''",
        "E0005 Syntax 1:1-4 this string is never closed: expected \"'''\", found the end of input",
    );
    check_error(
        "\"abc",
        "E0005 Syntax 1:1-5 this string is not closed at the end of the input: expected '\"' (1:1 the string starts here)",
    );
}

#[test]
fn characters() {
    check_error("x = “abc”", "E0006 Syntax 1:5-6 unexpected character '“' (U+201C) | \"\\\"\" at 1:5");
    check_error("x = 1\u{200b}", "E0006 Syntax 1:6-7 unexpected invisible character U+200B | \"\" at 1:6");
    check_error(
        "x\u{a0}= 1",
        "E0006 Syntax 1:2-3 unexpected space character U+00A0: only plain spaces and tabs separate | \" \" at 1:2",
    );
    check_error("x = a ? b : c", "E0006 Syntax 1:7-8 unexpected character '?'");
    check_error("$x", "E0006 Syntax 1:1-2 unexpected character '$'");
}

#[test]
fn numbers() {
    check_error(
        "007",
        "E0007 Syntax 1:1-4 a decimal number cannot start with zeros; an octal one starts with 0o | \"0o\" at 1:1",
    );
    check_error("1__0", "E0007 Syntax 1:1-3 an underscore in a decimal number must stand between two digits");
    check_error("1_", "E0007 Syntax 1:1-3 an underscore in a decimal number must stand between two digits");
    check_error("0x", "E0007 Syntax 1:1-3 this hexadecimal number has no digits");
    check_error("0b2", "E0007 Syntax 1:3-4 the digit '2' is not binary");
    check_error("0o8", "E0007 Syntax 1:3-4 the digit '8' is not octal");
    check_error("1abc", "E0007 Syntax 1:1-3 a decimal number cannot be followed by 'a'");
}

#[test]
fn string_contents() {
    check_error("'\\x4'", "E0008 Syntax 1:2-5 the escape '\\x' needs 2 hexadecimal digits");
    check_error("'\\u12'", "E0008 Syntax 1:2-6 the escape '\\u' needs 4 hexadecimal digits");
    check_error(
        "'\\ud800'",
        "E0008 Syntax 1:2-8 the escape '\\ud800' is half of a surrogate pair, which a str of star cannot hold; write the character as \\U and eight digits",
    );
    check_error(
        "'\\N{FOO}'",
        "E0008 Syntax 1:2-9 no character is named 'FOO'; \\u and four hexadecimal digits always work",
    );
    check_error(
        "b'é'",
        "E0008 Syntax 1:3-4 a bytes literal can only hold ASCII characters; write others as \\x escapes",
    );
    check_error("'a' b'b'", "E0008 Syntax 1:5-9 bytes and str literals cannot be joined");
}

#[test]
fn missing_blocks() {
    check_error(
        "if x:\ny",
        "E0010 Indentation 2:1-2 expected an indented block after 'if' on line 1, found name 'y'",
    );
    check_error(
        "def f():",
        "E0010 Indentation 1:9 expected an indented block after the 'def' on line 1, found end of input",
    );
    check_error(
        "def f(x):\n",
        "E0010 Indentation 2:1 expected an indented block after the 'def' on line 1, found end of input",
    );
    check_error(
        "if x:",
        "E0010 Indentation 1:6 expected an indented block after 'if' on line 1, found end of input",
    );
    check_error(
        "if x:\n",
        "E0010 Indentation 2:1 expected an indented block after 'if' on line 1, found end of input",
    );
    check_error(
        "if x:\n# c\n",
        "E0010 Indentation 3:1 expected an indented block after 'if' on line 1, found end of input",
    );
    check_error(
        "while 1:\n\n\nx",
        "E0010 Indentation 4:1-2 expected an indented block after 'while' on line 1, found name 'x'",
    );
}

#[test]
fn indents() {
    check_error("  x", "E0011 Indentation 1:3-4 unexpected indent: no block was opened in the line before");
}

#[test]
fn unindents() {
    check_error(
        "if x:\n    y\n  z",
        "E0012 Indentation 3:1-3 this unindent does not match the indentation of any block around it",
    );
}

#[test]
fn tabs() {
    check_error(
        "if x:\n\ty\n        z",
        "E0013 Tab 3:1-9 inconsistent use of tabs and spaces in indentation",
    );
}

#[test]
fn targets() {
    check_error("f() = 1", "E0014 Syntax 1:1-4 cannot assign to a function call | \"==\" at 1:5");
    check_error("1 = x", "E0014 Syntax 1:1-2 cannot assign to a number");
    check_error("a + b = c", "E0014 Syntax 1:1-6 cannot assign to an expression");
    check_error("None = 1", "E0014 Syntax 1:1-5 cannot assign to None");
    check_error("x if y else z = 1", "E0014 Syntax 1:1-14 cannot assign to a conditional expression");
    check_error("(a, b) += 1", "E0014 Syntax 1:1-7 a tuple cannot be the target of an augmented assignment");
    check_error(
        "f() += 1",
        "E0014 Syntax 1:1-4 a function call cannot be the target of an augmented assignment",
    );
    check_error(
        "a, b: int",
        "E0014 Syntax 1:1-5 only a single name, attribute or subscript can be annotated, not a tuple",
    );
    check_error("del f()", "E0014 Syntax 1:5-8 cannot delete a function call");
    check_error("del 1", "E0014 Syntax 1:5-6 cannot delete a number");
    check_error("*a = b", "E0014 Syntax 1:1-3 a starred target must be in a list or tuple");
    check_error("*a, *b = c", "E0014 Syntax 1:5-7 an assignment can have only one starred target");
    check_error("for f() in x: pass", "E0014 Syntax 1:5-8 cannot assign to a function call");
    check_error("for 1 in x: pass", "E0014 Syntax 1:5-6 cannot assign to a number");
    check_error("with a as 1: pass", "E0014 Syntax 1:11-12 cannot assign to a number");
    check_error("(a.b := 1)", "E0014 Syntax 1:2-5 the target of ':=' must be a plain name");
}

#[test]
fn parameters() {
    check_error("def f(a, a): pass", "E0015 Syntax 1:10-11 duplicate parameter 'a'");
    check_error(
        "def f(a=1, b): pass",
        "E0015 Syntax 1:12-13 parameter 'b' without a default follows one with a default",
    );
    check_error("def f(*, **k): pass", "E0015 Syntax 1:7-8 a bare '*' must be followed by a named parameter");
    check_error("def f(**k, a): pass", "E0015 Syntax 1:12-13 no parameter can follow the one with '**'");
    check_error(
        "def f(a, /, b, /): pass",
        "E0015 Syntax 1:16-17 '/' can stand in a parameter list only once",
    );
    check_error("def f(*a, *b): pass", "E0015 Syntax 1:11-12 '*' can stand in a parameter list only once");
    check_error(
        "def f((a, b)): pass",
        "E0015 Syntax 1:7-8 a parameter is a plain name; unpack the argument in the body",
    );
    check_error(
        "lambda x=1, y: x",
        "E0015 Syntax 1:13-14 parameter 'y' without a default follows one with a default",
    );
}

#[test]
fn arguments() {
    check_error("f(a=1, a=2)", "E0016 Syntax 1:8-9 the keyword argument 'a' is repeated");
    check_error("f(a=1, 2)", "E0016 Syntax 1:8-9 a positional argument cannot follow a keyword argument");
    check_error("f(**a, b)", "E0016 Syntax 1:8-9 a positional argument cannot follow one with '**'");
    check_error("f(**a, *b)", "E0016 Syntax 1:8-10 an argument '*…' cannot follow one with '**'");
    check_error(
        "f(a.b=1)",
        "E0016 Syntax 1:3-7 the name of a keyword argument must be a plain name; a comparison is '==' | \"==\" at 1:6",
    );
    check_error("f(True=1)", "E0016 Syntax 1:3-8 'True' cannot be the name of an argument | \"==\" at 1:7");
}

#[test]
fn outside_functions() {
    check_error("return 1", "E0017 Syntax 1:1-7 'return' outside a function");
    check_error("yield x", "E0017 Syntax 1:1-6 'yield' outside a function");
    check_error("x = yield = 1", "E0017 Syntax 1:5-10 'yield' outside a function");
    check_error("return", "E0017 Syntax 1:1-7 'return' outside a function");
}

#[test]
fn outside_loops() {
    check_error("break", "E0018 Syntax 1:1-6 'break' outside a loop");
    check_error("continue", "E0018 Syntax 1:1-9 'continue' outside a loop");
}

#[test]
fn left_out() {
    check_error(
        "class Point(Base):\n    def __init__(self, x, y=0):\n        self.x = x\n        self.y = y\n        self.z = 0\n    def norm(self):\n        return self.x\n    def add(self, other, k=1):\n        pass\n",
        "E0019 Syntax 1:1-6 star has no classes: make a struct and functions on it, as in\nPoint = struct.define(\"Point\", x=None, y=0, z=0)\ndef norm(p): ...\ndef add(p, other, k=1): ...",
    );
    check_error(
        "class NotFound(LookupError):\n  pass",
        "E0019 Syntax 1:1-6 star has no classes: make an exception type with error(\"…\"), as in\nNotFound = error(\"NotFound\", base=LookupError)",
    );
    check_error(
        "class A: pass",
        "E0019 Syntax 1:1-6 star has no classes: make a struct and functions on it, as in\nA = struct.define(\"A\", field=None)",
    );
    check_error(
        "async def f(): pass",
        "E0019 Syntax 1:1-6 'async' is not needed in star: every function can wait; leave the word out | \"\" at 1:1",
    );
    check_error(
        "x = await f()",
        "E0019 Syntax 1:5-10 'await' is not needed in star: a call that waits is awaited by the runtime; leave the word out | \"\" at 1:5",
    );
    check_error(
        "x = eval('1')",
        "E0019 Syntax 1:5-9 star has no 'eval': write the expression itself; to read data, use json.loads",
    );
    check_error(
        "open('x')",
        "E0019 Syntax 1:1-5 star has no 'open': use the functions of require(\"os\"), such as os.read_file(path)",
    );
    check_error(
        "x.__class__",
        "E0019 Syntax 1:3-12 star has no '__class__': use type(value), or isinstance(value, type)",
    );
    check_error("__file__", "E0019 Syntax 1:1-9 star has no '__file__': there is only __name__");
    check_error(
        "u'abc'",
        "E0019 Syntax 1:1-2 star has no prefix 'u': every string is Unicode; leave it out | \"\" at 1:1",
    );
    check_error(
        "2j",
        "E0019 Syntax 1:1-3 star has no complex numbers: keep the two parts as a pair of floats",
    );
    check_error(
        "1 + 2j",
        "E0019 Syntax 1:5-7 star has no complex numbers: keep the two parts as a pair of floats",
    );
    check_error(
        "complex(1,2)",
        "E0019 Syntax 1:1-8 star has no 'complex': keep the two parts as a pair of floats",
    );
    check_error(
        "try:\n x\nexcept* A:\n y",
        "E0019 Syntax 3:7-8 star has no exception groups: write 'except' without '*' | \"\" at 3:7",
    );
    check_error(
        "type X = int",
        "E0019 Syntax 1:1-5 star has no type aliases: leave the statement out, annotations are never evaluated",
    );
    check_error(
        "def f[T](x): pass",
        "E0019 Syntax 1:6-7 star has no type parameters; leave the brackets out",
    );
    check_error(
        "exec 'x'",
        "E0019 Syntax 1:1-5 star has no 'exec': write the code itself, in a function that is called where it is needed",
    );
}

#[test]
fn patterns() {
    check_error(
        "match x:\n  case y: pass\n  case 1: pass",
        "E0022 Syntax 3:3-7 this case is never reached: the one before it matches everything",
    );
    check_error(
        "match x:\n case a | b: pass",
        "E0022 Syntax 2:7-8 'a' cannot stand here: it matches everything, so the alternatives after it never count",
    );
    check_error(
        "match x:\n case _ | 1: pass",
        "E0022 Syntax 2:7-8 '_' cannot stand here: it matches everything, so the alternatives after it never count",
    );
    check_error("match x:\n case (a, a): pass", "E0022 Syntax 2:11-12 the pattern binds 'a' more than once");
    check_error(
        "match x:\n case {a: 1}: pass",
        "E0022 Syntax 2:8-9 a key of a mapping pattern is a literal or a dotted name, not a plain name",
    );
    check_error("match x:\n case *a: pass", "E0022 Syntax 2:7-9 a starred pattern must be in a sequence");
    check_error(
        "match x:\n case [*a, *b]: pass",
        "E0022 Syntax 2:12-14 a sequence pattern can have only one starred item",
    );
    check_error("match x:\n case f'a': pass", "E0022 Syntax 2:7-11 an f-string cannot be a pattern");
    check_error(
        "match x:\n case 1 + 1: pass",
        "E0022 Syntax 2:9-10 a pattern is a literal, not an expression; put the comparison into a guard: 'if …'",
    );
}

#[test]
fn clauses() {
    check_error(
        "try:\n  x\n",
        "E0023 Syntax 3:1 expected 'except' or 'finally' after the 'try' on line 1, found end of input",
    );
    check_error(
        "try:\n  x\ny",
        "E0023 Syntax 3:1-2 expected 'except' or 'finally' after the 'try' on line 1, found name 'y'",
    );
    check_error(
        "try:\n  x\nexcept:\n  y\nexcept A:\n  z",
        "E0023 Syntax 5:1-7 no 'except' can follow one without a type, which catches everything",
    );
    check_error(
        "else:\n  x",
        "E0023 Syntax 1:1-5 'else' without an 'if', loop or 'try' before it at this indentation",
    );
    check_error("elif x:\n y", "E0023 Syntax 1:1-5 'elif' without an 'if' before it at this indentation");
    check_error(
        "else",
        "E0023 Syntax 1:1-5 'else' without an 'if', loop or 'try' before it at this indentation",
    );
    check_error("elif", "E0023 Syntax 1:1-5 'elif' without an 'if' before it at this indentation");
}

#[test]
fn fstrings() {
    check_error(
        "f'{'",
        "E0024 Syntax 1:4-5 f-string: expected '}' before the string ends (1:3 '{' was opened here)",
    );
    check_error("f'{}'", "E0024 Syntax 1:4-5 f-string: expected an expression before '}'");
    check_error(
        "f'{x'",
        "E0024 Syntax 1:5-6 f-string: expected '}' before the string ends (1:3 '{' was opened here)",
    );
    check_error(
        "f'}'",
        "E0024 Syntax 1:3-4 f-string: a single '}' closes nothing; write '}}' for the character | \"}}\" at 1:3",
    );
    check_error(
        "f'{lambda x: 1}'",
        "E0024 Syntax 1:12-13 f-string: a lambda needs parentheses, since ':' starts the format spec",
    );
}

#[test]
fn other_languages() {
    check_error("if x && y:\n  z", "E0025 Syntax 1:6-8 '&&' is 'and' | \"and\" at 1:6");
    check_error("if x || y: z", "E0025 Syntax 1:6-8 '||' is 'or' | \"or\" at 1:6");
    check_error("if !x: z", "E0025 Syntax 1:4-5 '!' is no operator; negation is 'not' | \"not \" at 1:4");
    check_error("x++", "E0025 Syntax 1:2-4 star has no '++': write '+= 1' | \" += 1\" at 1:2");
    check_error("x--\n", "E0025 Syntax 1:2-4 star has no '--': write '-= 1' | \" -= 1\" at 1:2");
    check_error("if a:\n  b\nelse if c:\n  d", "E0025 Syntax 3:1-8 'else if' is 'elif' | \"elif\" at 3:1");
    check_error("if a:\n  b\nelseif c:\n  d", "E0025 Syntax 3:1-7 'elseif' is 'elif' | \"elif\" at 3:1");
    check_error("function f(x):\n  y", "E0025 Syntax 1:1-9 a function starts with 'def' | \"def\" at 1:1");
    check_error("func f(x) {\n", "E0025 Syntax 1:1-5 a function starts with 'def' | \"def\" at 1:1");
    check_error("fn f(x):\n y", "E0025 Syntax 1:1-3 a function starts with 'def' | \"def\" at 1:1");
    check_error("let x = 1", "E0025 Syntax 1:1-4 a variable is not declared: leave 'let' out | \"\" at 1:1");
    check_error("var x = 1", "E0025 Syntax 1:1-4 a variable is not declared: leave 'var' out | \"\" at 1:1");
    check_error(
        "const X = 2",
        "E0025 Syntax 1:1-6 a variable is not declared: leave 'const' out | \"\" at 1:1",
    );
    check_error(
        "if x {\n y\n}",
        "E0025 Syntax 1:6-7 a block starts with ':' and is indented; star has no '{' blocks | \":\" at 1:6",
    );
    check_error(
        "for i in x {\n",
        "E0025 Syntax 1:12-13 a block starts with ':' and is indented; star has no '{' blocks | \":\" at 1:12",
    );
    check_error("// comment", "E0025 Syntax 1:1-3 a comment starts with '#' | \"#\" at 1:1");
    check_error("/* a */", "E0025 Syntax 1:1-3 a comment starts with '#' | \"#\" at 1:1");
    check_error(
        "switch x:\n  case 1:",
        "E0025 Syntax 1:1-7 'switch' is 'match', with 'case' lines indented under it | \"match\" at 1:1",
    );
    check_error("if x === y: z", "E0025 Syntax 1:6-9 '===' is '==' | \"==\" at 1:6");
    check_error(
        "x -> y",
        "E0025 Syntax 1:3-5 '->' stands only before a return annotation; an attribute is '.'",
    );
    check_error("f = (x) => x", "E0025 Syntax 1:9-11 '=>' is not used: a function is 'def' or 'lambda'");
    check_error(
        "print x",
        "E0025 Syntax 1:1-6 'print' is a function: its arguments need parentheses | \"print(x)\" at 1:1",
    );
    check_error(
        "print \"a\"",
        "E0025 Syntax 1:1-6 'print' is a function: its arguments need parentheses | \"print(\\\"a\\\")\" at 1:1",
    );
    check_error(
        "print 1, 2",
        "E0025 Syntax 1:1-6 'print' is a function: its arguments need parentheses | \"print(1, 2)\" at 1:1",
    );
    check_error(
        "import x from y",
        "E0025 Syntax 1:10-14 'from' comes first: write 'from module import name'",
    );
    check_error("a <> b", "E0025 Syntax 1:3-5 '<>' is '!=' | \"!=\" at 1:3");
    check_error("a ! b", "E0025 Syntax 1:3-4 '!' is no operator; negation is 'not' | \"not \" at 1:3");
    check_error(
        "for (i = 0; i < n; i++) {",
        "E0025 Syntax 1:5-6 'for' goes over the items of something: write 'for i in range(n):'",
    );
    check_error("throw x", "E0025 Syntax 1:1-6 'throw' is 'raise' | \"raise\" at 1:1");
    check_error("catch e:", "E0025 Syntax 1:1-6 'catch' is 'except' | \"except\" at 1:1");
    check_error("foreach x in y:", "E0025 Syntax 1:1-8 'foreach' is 'for' | \"for\" at 1:1");
    check_error(
        "new Foo()",
        "E0025 Syntax 1:1-4 an object is made by calling its constructor: leave 'new' out | \"\" at 1:1",
    );
    check_error("unless x:", "E0025 Syntax 1:1-7 'unless' is 'if not' | \"if not\" at 1:1");
    check_error(
        "x = new Foo()",
        "E0025 Syntax 1:5-8 an object is made by calling its constructor: leave 'new' out | \"\" at 1:5",
    );
    check_error(
        "print 'a' % b",
        "E0025 Syntax 1:1-6 'print' is a function: its arguments need parentheses | \"print('a' % b)\" at 1:1",
    );
}

#[test]
fn misspelt() {
    check_error(
        "whlie x:\n  y",
        "E0026 Syntax 1:1-6 'whlie' is no statement: did you mean 'while'? | \"while\" at 1:1",
    );
    check_error(
        "esle:\n  y",
        "E0026 Syntax 1:1-5 'esle' is no statement: did you mean 'else'? | \"else\" at 1:1",
    );
    check_error(
        "if a:\n  b\nesle:\n  c",
        "E0026 Syntax 3:1-5 'esle' is no statement: did you mean 'else'? | \"else\" at 3:1",
    );
    check_error(
        "def f():\n  retrun x",
        "E0026 Syntax 2:3-9 'retrun' is no statement: did you mean 'return'? | \"return\" at 2:3",
    );
    check_error(
        "dfe f():\n  x",
        "E0026 Syntax 1:1-4 'dfe' is no statement: did you mean 'def'? | \"def\" at 1:1",
    );
    check_error(
        "form x import y",
        "E0026 Syntax 1:1-5 'form' is no statement: did you mean 'from'? | \"from\" at 1:1",
    );
    check_error(
        "improt x",
        "E0026 Syntax 1:1-7 'improt' is no statement: did you mean 'import'? | \"import\" at 1:1",
    );
    check_error(
        "fro x in y:\n z",
        "E0026 Syntax 1:1-4 'fro' is no statement: did you mean 'for'? | \"for\" at 1:1",
    );
}

#[test]
fn continuations() {
    check_error("x = \\ 1", "E0027 Syntax 1:5-6 a backslash continues a line only as its last character");
    check_error("x = 1 \\", "E0027 Syntax 1:7-8 the input ended after a backslash that continues the line");
}

#[test]
fn cut_off() {
    check_error("@a", "E0028 Syntax 1:3 expected 'def' after a decorator, found end of input");
}

#[test]
fn scopes() {
    check_error(
        "nonlocal x",
        "E0029 Syntax 1:1-9 'nonlocal' at the top level, where no function is around it",
    );
}

#[test]
fn comprehensions() {
    check_error(
        "f(x for x in y, 1)",
        "E0030 Syntax 1:3-15 a generator expression beside other arguments needs parentheses of its own | \"(\" at 1:3",
    );
    check_error(
        "f(1, x for x in y)",
        "E0030 Syntax 1:6-7 a generator expression beside other arguments needs parentheses of its own | \"(\" at 1:6",
    );
    check_error("{**a for b in c}", "E0030 Syntax 1:4-5 '**' cannot be used in a dict comprehension");
    check_error(
        "[*a for b in c]",
        "E0030 Syntax 1:2-4 a starred expression cannot be the element of a list comprehension",
    );
    check_error(
        "[a, b for a in c]",
        "E0030 Syntax 1:5-6 the element of a comprehension that is a tuple needs parentheses",
    );
    check_error(
        "[x for x in y if a else b]",
        "E0030 Syntax 1:20-24 the condition of a list comprehension has no 'else'; a conditional element goes in front of 'for'",
    );
    check_error(
        "def f():\n  x = [(yield 1) for a in b]",
        "E0030 Syntax 2:9-14 'yield' cannot be used inside a list comprehension",
    );
}

#[test]
fn stars() {
    check_error(
        "x = *a",
        "E0031 Syntax 1:5-7 a starred expression needs a list or tuple around it; a tuple ends with ','",
    );
}

#[test]
fn imports() {
    check_error(
        "from . import x",
        "E0032 Syntax 1:6-7 star has no relative imports: write lib = require(\"./lib.star\")",
    );
    check_error(
        "from x import *",
        "E0032 Syntax 1:15-16 star imports no '*': name what is needed, or import the module itself",
    );
}
