//! Async functions, and what functions return to iterate over.

use star::star_module;

use crate::{check, run};

/// Things that take their time.
#[star_module("slow")]
mod slow {
    use std::collections::BTreeMap;
    use std::fmt;
    use std::future::poll_fn;
    use std::task::Poll;

    use futures::stream::{self, Stream, StreamExt};
    use star::{AsyncCtx, Callable, ScriptError};

    /// Lets others run once.
    async fn pause() {
        let mut paused = false;
        poll_fn(|cx| match std::mem::replace(&mut paused, true) {
            false => {
                cx.waker().wake_by_ref();
                Poll::Pending
            }
            true => Poll::Ready(()),
        })
        .await
    }

    #[derive(Debug)]
    pub struct Broken(i64);

    impl fmt::Display for Broken {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "broken at {}", self.0)
        }
    }

    impl std::error::Error for Broken {}

    #[star_fn]
    async fn greet(name: &str, last: Option<&str>, #[star(default = "Hello", kw)] word: &str) -> String {
        pause().await;
        format!("{word}, {name}{}", last.unwrap_or("!"))
    }

    #[star_fn]
    async fn half(number: i64) -> Result<i64, Broken> {
        pause().await;
        if number % 2 == 0 { Ok(number / 2) } else { Err(Broken(number)) }
    }

    #[star_fn]
    async fn at_once(data: &[u8], more: &[i64]) -> usize {
        data.len() + more.len()
    }

    #[star_fn]
    async fn twice(ctx: &AsyncCtx, function: Callable, number: i64) -> Result<i64, ScriptError> {
        assert!(!ctx.allows("net"));
        let once: i64 = function.call((number,)).await?;
        pause().await;
        function.call((once,)).await
    }

    #[star_fn]
    async fn allowed(ctx: AsyncCtx, name: &str) -> bool {
        ctx.allows(name)
    }

    #[star_fn]
    async fn panics() {
        pause().await;
        panic!("no more");
    }

    #[star_fn]
    async fn totals(#[star(args)] rest: Vec<i64>, #[star(kwargs)] more: Vec<(String, i64)>) -> i64 {
        pause().await;
        rest.iter().sum::<i64>() + more.iter().map(|(_, number)| number).sum::<i64>()
    }

    // ---- iterators

    #[star_fn]
    fn words<'a>(text: &'a str, #[star(default = " ")] between: &'a str) -> impl Iterator<Item = &'a str> {
        text.split(between).map(str::trim)
    }

    #[star_fn]
    fn count(to: i64) -> Result<impl Iterator<Item = Result<i64, Broken>>, Broken> {
        if to < 0 {
            return Err(Broken(to));
        }
        Ok((0..to).map(|number| if number == 3 { Err(Broken(3)) } else { Ok(number) }))
    }

    #[star_fn]
    fn boxed(numbers: Vec<i64>) -> Box<dyn Iterator<Item = (i64, String)>> {
        Box::new(numbers.into_iter().map(|number| (number, number.to_string())))
    }

    #[star_fn]
    fn late(calls: i64) -> impl Iterator<Item = i64> {
        (0..calls).inspect(|number| assert!(*number < 2, "two is too many"))
    }

    #[star_fn]
    fn chunks(data: &[u8], size: usize) -> impl Iterator<Item = &[u8]> {
        data.chunks(size)
    }

    #[star_fn]
    fn pairs(text: &str) -> impl Iterator<Item = (usize, Option<&str>)> {
        text.lines().map(|line| (line.len(), line.split_once(':').map(|(name, _)| name)))
    }

    // ---- streams

    #[star_fn]
    fn ticks(to: i64) -> impl Stream<Item = i64> {
        stream::iter(0..to).then(|number| async move {
            pause().await;
            number
        })
    }

    #[star_fn]
    async fn connect(text: &str) -> Result<impl Stream<Item = Result<&str, Broken>>, Broken> {
        pause().await;
        if text.is_empty() {
            return Err(Broken(0));
        }
        Ok(stream::iter(text.split(",")).then(|part| async move {
            pause().await;
            if part == "x" { Err(Broken(1)) } else { Ok(part) }
        }))
    }

    // ---- objects

    /// A list that takes its time.
    pub struct Shelf {
        items: Vec<String>,
        index: BTreeMap<String, i64>,
        next: usize,
    }

    #[star_object]
    impl Shelf {
        pub async fn new(#[star(args)] items: Vec<String>) -> Result<Self, Broken> {
            pause().await;
            if items.is_empty() {
                return Err(Broken(9));
            }
            let index = items.iter().zip(0..).map(|(item, at)| (item.clone(), at)).collect();
            Ok(Shelf { items, index, next: 0 })
        }

        async fn put(&mut self, item: String) {
            pause().await;
            self.items.push(item);
        }

        async fn put_all(&mut self, other: &Shelf, function: Callable) -> Result<usize, ScriptError> {
            for item in &other.items {
                self.items.push(function.call((item.clone(),)).await?);
            }
            Ok(self.items.len())
        }

        #[star(len)]
        fn len(&self) -> usize {
            self.items.len()
        }

        #[star(iter)]
        fn iter(&self) -> impl Iterator<Item = &String> {
            self.items.iter()
        }

        fn index(&self) -> impl Iterator<Item = (&str, i64)> {
            self.index.iter().map(|(name, at)| (&**name, *at))
        }

        fn drain(&mut self) -> impl Iterator<Item = String> {
            self.items.drain(..)
        }

        fn both<'a>(&'a self, other: &'a Shelf) -> impl Iterator<Item = &'a str> {
            self.items.iter().chain(&other.items).map(String::as_str)
        }

        #[star(item)]
        async fn item(&self, at: usize) -> Option<String> {
            pause().await;
            self.items.get(at).cloned()
        }

        #[star(next)]
        async fn next(&mut self) -> Option<String> {
            pause().await;
            self.next += 1;
            self.items.get(self.next - 1).cloned()
        }

        #[star(enter)]
        async fn enter(&mut self) {
            self.next = 1;
            pause().await;
        }

        #[star(close)]
        async fn close(mut self) -> usize {
            pause().await;
            self.items.drain(..).len()
        }
    }

    /// Closes itself in its own time.
    pub struct Door(i64);

    #[star_object]
    impl Door {
        pub fn new() -> Door {
            Door(1)
        }

        fn number(&self) -> i64 {
            self.0
        }

        #[star(close)]
        async fn close(&mut self) -> Result<(), Broken> {
            pause().await;
            Err(Broken(self.0))
        }
    }
}

#[track_caller]
fn slow(source: &str, expected: &str) {
    check(
        &[slow::module()],
        &format!("import slow\nfrom slow import Broken, Door, Shelf\n{source}"),
        expected,
    );
}

#[test]
fn an_async_function_is_a_function() {
    slow("print(slow.greet('you'), slow.greet('me', word='Bye', last='.'))", "Hello, you! Bye, me.\n");
    slow("print(slow.half(4), slow.Half(4), slow.Half(3))", "2 (2, None) (None, Broken('broken at 3'))\n");
    slow("print(slow.at_once(b'abc', [1, 2]), slow.AtOnce(b'', []))", "5 0\n");
    slow("print(slow.totals(1, 2, x=3))", "6\n");
    slow("slow.half(3)", "Broken: broken at 3\n");
    slow("slow.half('x')", "TypeError: half(): number: expected int, got str \"x\"\n");
    slow("slow.Half('x')", "TypeError: Half(): number: expected int, got str \"x\"\n");
    slow(
        "print([slow.half(i * 2) for i in range(3)], sorted([2, 1], key=slow.half if False else str))",
        "[0, 1, 2] [1, 2]\n",
    );
    slow("print(list(map(slow.half, [2, 4])))", "[1, 2]\n");
    let panic = run(&[slow::module()], &[], "import slow\nslow.panics()");
    assert!(panic.starts_with("SystemError: ") && panic.contains("no more"), "{panic}");
}

#[test]
fn an_async_function_calls_back() {
    slow("print(slow.twice(lambda x: x * 10, 4))", "400\n");
    slow("def f(x):\n    return slow.half(x)\nprint(slow.twice(f, 12))", "3\n");
    slow("try:\n    slow.twice(slow.half, 6)\nexcept Broken as e:\n    print(e)", "broken at 3\n");
    slow(
        "value, err = slow.Twice(lambda x: 1 / 0, 4)\nprint(type(err).__name__, err)",
        "ZeroDivisionError division by zero\n",
    );
    slow("print(slow.allowed('net'))", "False\n");
}

#[test]
fn iterators_borrow_their_arguments() {
    slow("print(list(slow.words('a b')), list(slow.Words('a- b', '-')))", "['a', 'b'] ['a', 'b']\n");
    slow(
        "w = slow.words('a b c')\nprint(next(w), next(w), next(w), next(w, 'end'), next(w, 'end'))",
        "a b c end end\n",
    );
    slow("for word in slow.words('x y z'):\n    if word == 'y':\n        break\n    print(word)", "x\n");
    slow(
        "print(list(slow.boxed([1, 2])), list(slow.chunks(b'abc', 2)))",
        "[(1, '1'), (2, '2')] [b'ab', b'c']\n",
    );
    slow("print(list(slow.pairs('a:b\\nccc')))", "[(3, 'a'), (3, None)]\n");
    slow(
        "a, b = slow.words('a b'), slow.words('c d')\nprint(list(zip(a, b)), dict(zip(slow.words('x y'), [1, 2])))",
        "[('a', 'c'), ('b', 'd')] {'x': 1, 'y': 2}\n",
    );
    slow("print(type(slow.words('')), iter(slow.words('')) is None)", "<class 'iterator'> False\n");
}

#[test]
fn iterators_fail_at_the_call_or_at_an_item() {
    slow("slow.count(-1)", "Broken: broken at -1\n");
    slow(
        "it, err = slow.Count(-1)\nprint(it, err)\nit, err = slow.Count(2)\nprint(list(it), err)",
        "None broken at -1\n[0, 1] None\n",
    );
    slow("for i in slow.count(9):\n    print(i)", "0\n1\n2\nBroken: broken at 3\n");
    slow(
        "it = slow.late(4)\nprint(next(it), next(it))\ntry:\n    next(it)\nexcept SystemError as e:\n    print('two' in str(e), next(it, 'end'))",
        "0 1\nTrue end\n",
    );
}

#[test]
fn streams_wait_for_their_items() {
    slow(
        "print(list(slow.ticks(3)), [x + 1 for x in slow.Ticks(2)], sum(slow.ticks(4)))",
        "[0, 1, 2] [1, 2] 6\n",
    );
    slow("for part in slow.connect('a,b,x,c'):\n    print(part)", "a\nb\nBroken: broken at 1\n");
    slow(
        "s, err = slow.Connect('')\nprint(s, err)\ns, err = slow.Connect('a')\nprint(list(s), err)",
        "None broken at 0\n['a'] None\n",
    );
    slow("s = slow.ticks(2)\nprint(next(s), next(s), next(s, None), next(s, None))", "0 1 None None\n");
    slow("print([list(zip(slow.ticks(2), slow.ticks(5)))], max(slow.ticks(3)))", "[[(0, 0), (1, 1)]] 2\n");
}

#[test]
fn methods_wait() {
    slow("s = Shelf('a', 'b')\ns.put('c')\ns.Put('d')\nprint(len(s), s[0], s[9])", "4 a None\n");
    slow("Shelf()", "Broken: broken at 9\n");
    slow(
        "s, t = Shelf('a'), Shelf('x', 'y')\nprint(s.put_all(t, lambda i: i * 2), list(s))",
        "3 ['a', 'xx', 'yy']\n",
    );
    slow(
        "s, t = Shelf('a'), Shelf('x')\ns.put_all(t, lambda i: str(len(t)) + s[0])",
        "RuntimeError: the object is in use: a method of it has not returned yet\n",
    );
    slow(
        "s = Shelf('a')\ns.put_all(s, str)",
        "RuntimeError: the object is in use: a method of it has not returned yet\n",
    );
    slow(
        "with Shelf('a', 'b') as s:\n    print(next(s))\n    print(next(s, None))\ns.put('c')",
        "b\nNone\nValueError: this Shelf is closed\n",
    );
    slow("s = Shelf('a')\nprint(s.close(), s.close(), s.Close())", "1 None None\n");
    slow(
        "d = Door()\nprint(d.Close(), d.Close())\nd.number()",
        "(None, Broken('broken at 1')) (None, None)\nValueError: this Door is closed\n",
    );
    slow("with Door() as d:\n    print(d.number())", "1\nBroken: broken at 1\n");
}

#[test]
fn an_object_that_changes_ends_what_walks_it() {
    slow(
        "s = Shelf('a', 'b')\nprint([i for i in s], list(s.index()), list(s.both(Shelf('c'))))",
        "['a', 'b'] [('a', 0), ('b', 1)] ['a', 'b', 'c']\n",
    );
    slow(
        "s = Shelf('a', 'b')\nit = s.index()\nnext(it)\ns.put('c')\nprint(len(s))\nnext(it)",
        "3\nRuntimeError: the object was changed while it was iterated over\n",
    );
    slow(
        "s = Shelf('a', 'b')\nfor i in s.both(s):\n    print(i, len(s))\n    s.put('c')",
        "a 2\nRuntimeError: the object was changed while it was iterated over\n",
    );
    slow(
        "s = Shelf('a', 'b')\nfor i in s.both(s):\n    break\ns.put('c')\nprint(list(s))",
        "['a', 'b', 'c']\n",
    );
    slow(
        "s = Shelf('a', 'b')\nit = s.drain()\nprint(next(it), list(s))\nnext(it)",
        "a []\nRuntimeError: the object was changed while it was iterated over\n",
    );
    slow("s = Shelf('a', 'b')\nit = s.both(s)\nnext(it)\nprint(s.close())", "2\n");
}
