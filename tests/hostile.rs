//! Host code that panics, lies, drops futures, re-enters or never completes cannot corrupt an isolate.

use std::cell::RefCell;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use star::{Callable, Engine, Isolate, Limits, Rooted, star_module};

/// Functions and objects that misbehave.
#[star_module("bad")]
mod bad {
    use super::*;
    use star::private::{Ctx, NativeResult, wait};

    /// How many futures of `forever` have been dropped.
    pub static DROPPED: AtomicUsize = AtomicUsize::new(0);

    #[star_fn]
    fn panics(with: &str) -> i64 {
        panic!("with {with}")
    }

    #[star_fn]
    fn panics_after_allocating(ctx: &mut Ctx<'_>) -> i64 {
        for i in 0..1000 {
            let text = ctx.heap.str(&format!("text number {i}"));
            ctx.heap.scratch.push(text);
        }
        panic!("in the middle")
    }

    #[star_fn]
    fn panics_in_a_future(ctx: &mut Ctx<'_>) -> NativeResult {
        wait(ctx, async { panic!("at once") as i64 }, false)
    }

    #[star_fn]
    fn panics_later(ctx: &mut Ctx<'_>) -> NativeResult {
        let later = async {
            tokio::time::sleep(Duration::from_millis(1)).await;
            panic!("later") as i64
        };
        wait(ctx, later, false)
    }

    struct Counted;

    impl Drop for Counted {
        fn drop(&mut self) {
            DROPPED.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Never completes.
    #[star_fn]
    fn forever(ctx: &mut Ctx<'_>) -> NativeResult {
        let counted = Counted;
        let never = async move {
            let _counted = counted;
            std::future::pending::<()>().await
        };
        wait(ctx, never, false)
    }

    /// Calls back and does not wait for the answer.
    #[star_fn]
    fn drops_its_call(ctx: &mut Ctx<'_>, callback: Callable) -> NativeResult {
        let call = async move {
            let mut call = Box::pin(callback.call::<_, ()>((1,)));
            let polled =
                std::future::poll_fn(|cx| std::task::Poll::Ready(call.as_mut().poll(cx).is_ready())).await;
            drop(call);
            polled
        };
        wait(ctx, call, false)
    }

    /// Calls back, and holds its object meanwhile.
    #[star_fn]
    fn calls(ctx: &mut Ctx<'_>, callback: Callable, argument: i64) -> NativeResult {
        let call = async move { callback.call::<_, i64>((argument,)).await };
        wait(ctx, call, false)
    }

    /// Awaits its own polling without end, waking itself.
    #[star_fn]
    fn wakes_itself(ctx: &mut Ctx<'_>) -> NativeResult {
        let busy = std::future::poll_fn(|cx| {
            cx.waker().wake_by_ref();
            std::task::Poll::<()>::Pending
        });
        wait(ctx, busy, false)
    }

    /// An object that lies about its size and its length.
    pub struct Liar;

    #[star_object]
    impl Liar {
        #[star(new)]
        fn new() -> Liar {
            Liar
        }

        #[star(len)]
        fn len(&self) -> usize {
            usize::MAX
        }

        #[star(eq)]
        fn eq(&self, _other: &Liar) -> bool {
            false
        }

        #[star(hash)]
        fn hash(&self) -> u64 {
            panic!("no hash")
        }

        #[star(repr)]
        fn repr(&self) -> String {
            "x".repeat(1 << 20)
        }
    }

    thread_local! {
        /// A value of one isolate, carried to another on the same thread.
        pub static CARRIED: RefCell<Option<Rooted>> = const { RefCell::new(None) };
    }

    #[star_fn]
    fn carry(value: Rooted) {
        CARRIED.with_borrow_mut(|carried| *carried = Some(value));
    }

    #[star_fn]
    fn carried() -> Option<Rooted> {
        CARRIED.with_borrow(Clone::clone)
    }

    impl star::IntoStar for Text {
        const TYPE: &'static star::private::TypeDesc = &star::private::TypeDesc::Str;
        fn into_star(self, ctx: &mut Ctx<'_>) -> Result<star::private::Value, star::private::Raise> {
            Ok(ctx.heap.str("text"))
        }
    }

    struct Text;

    #[star_fn]
    fn own_conversion() -> Vec<Text> {
        (0..1000).map(|_| Text).collect()
    }
}

fn block_on<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(future)
}

async fn isolate() -> Isolate {
    let limits = Limits { time: None, memory: 16 << 20, ..Limits::default() };
    let engine = Engine::builder().module(bad::module()).limits(limits).workers(std::num::NonZeroUsize::MIN);
    let isolate = engine.build().expect("an engine").isolate().grant("bad").name("x.star").start().await;
    let isolate = isolate.expect("an isolate");
    isolate.run("import bad\ndata = [[i] * 3 for i in range(100)]\n").await.expect("it runs");
    isolate
}

/// The isolate works as before.
async fn check_sound(isolate: &Isolate) {
    isolate.run("check = sum([sum(x) for x in data])\n").await.expect("it still runs");
    assert_eq!(isolate.get::<i64>("check").await.expect("it is there"), 14850);
}

#[track_caller]
fn check_fails(source: &str, expected: &str) {
    let caller = std::panic::Location::caller();
    block_on(async {
        let isolate = isolate().await;
        let error = isolate.run(source).await.expect_err("it fails");
        assert!(error.to_string().ends_with(expected), "{caller}: {error}");
        check_sound(&isolate).await;
        // What was raised can be caught as well, many times.
        let caught = format!(
            "n = 0\nfor _ in range(20):\n    try:\n        {source}\n    except Exception as e:\n        n += 1\n"
        );
        isolate.run(caught).await.expect("it is caught");
        assert_eq!(isolate.get::<i64>("n").await.expect("it is there"), 20);
        check_sound(&isolate).await;
    });
}

#[test]
fn a_panic_is_an_exception() {
    check_fails("bad.panics('words')", "SystemError: panics() panicked: with words");
    check_fails(
        "bad.panics_after_allocating()",
        "SystemError: panics_after_allocating() panicked: in the middle",
    );
    check_fails("bad.panics_in_a_future()", "SystemError: an async host function panicked: at once");
    check_fails("bad.panics_later()", "SystemError: an async host function panicked: later");
    check_fails("{bad.Liar(): 1}", "SystemError: hash() panicked: no hash");
}

#[test]
fn cancelling_drops_a_future_that_never_completes() {
    block_on(async {
        let isolate = isolate().await;
        isolate.run("ended = 0\ndef f():\n    global ended\n    try:\n        bad.forever()\n    finally:\n        ended += 1\n").await.unwrap();
        let before = bad::DROPPED.load(Ordering::Relaxed);
        for _ in 0..3 {
            let call = isolate.call::<_, ()>("f", ());
            assert!(tokio::time::timeout(Duration::from_millis(5), call).await.is_err());
        }
        while isolate.get::<i64>("ended").await.unwrap() < 3 {
            tokio::task::yield_now().await;
        }
        assert_eq!(bad::DROPPED.load(Ordering::Relaxed) - before, 3);
        check_sound(&isolate).await;
    });
}

#[test]
fn a_deadline_ends_what_never_completes() {
    block_on(async {
        let limits = Limits { time: Some(Duration::from_millis(20)), ..Limits::default() };
        let engine = Engine::builder().module(bad::module()).limits(limits).build().unwrap();
        let isolate = engine.isolate().grant("bad").start().await.unwrap();
        isolate
            .run("import bad\ndef f(): bad.forever()\ndef g(): bad.wakes_itself()\ndef h(): return 1\n")
            .await
            .unwrap();
        for name in ["f", "g"] {
            assert!(isolate.call::<_, ()>(name, ()).await.unwrap_err().is_limit());
        }
        assert_eq!(isolate.call::<_, i64>("h", ()).await.unwrap(), 1);
    });
}

#[test]
fn a_busy_future_leaves_other_isolates_their_turn() {
    block_on(async {
        let limits = Limits { time: None, ..Limits::default() };
        let engine =
            Engine::builder().module(bad::module()).limits(limits).workers(std::num::NonZeroUsize::MIN);
        let engine = engine.build().unwrap();
        let (busy, other) =
            (engine.isolate().grant("bad").start().await.unwrap(), engine.isolate().start().await.unwrap());
        busy.run("import bad\ndef f(): bad.wakes_itself()\n").await.unwrap();
        let spinning = busy.call::<_, ()>("f", ());
        let work = async {
            for i in 0..100 {
                other.run(format!("x = {i}")).await.unwrap();
            }
        };
        tokio::select! {
            _ = spinning => panic!("it never ends"),
            () = work => {}
        }
        assert_eq!(other.get::<i64>("x").await.unwrap(), 99);
    });
}

#[test]
fn callbacks() {
    block_on(async {
        let isolate = isolate().await;
        isolate.run("seen = []\ndef note(x):\n    seen.append(x)\n    return x * 2\ndef deep(n):\n    return n if n == 0 else bad.calls(deep, n - 1) + 1\ndef fails(x):\n    return data[x]['no']\n").await.unwrap();
        isolate.run("a = bad.calls(note, 21)\nb = deep(50)\n").await.unwrap();
        assert_eq!(isolate.get::<i64>("a").await.unwrap(), 42);
        assert_eq!(isolate.get::<i64>("b").await.unwrap(), 50);
        // What a callback raises comes out of the function that called it, as it was.
        let error = isolate.run("bad.calls(fails, 1)").await.unwrap_err();
        assert_eq!(error.kind(), Some("TypeError"));
        assert!(error.report().unwrap().text.contains("return data[x]['no']"), "{error:?}");
        isolate.run("bad.drops_its_call(note)\n").await.unwrap();
        check_sound(&isolate).await;
        // Calls back without end are bounded by the memory that they take.
        let endless =
            isolate.run("def again(n): return bad.calls(again, n + 1)\nagain(0)\n").await.unwrap_err();
        assert!(endless.is_limit() || endless.is_exception(), "{endless}");
    });
}

#[test]
fn lies_about_sizes() {
    block_on(async {
        let isolate = isolate().await;
        let error = isolate.run("x = bad.Liar()\nn = len(x)\n").await.unwrap_err();
        assert!(error.to_string().contains("OverflowError"), "{error}");
        isolate
            .run("ys = [bad.Liar() for _ in range(3)]\nsame = ys[0] == ys[0]\nn = len(repr(ys))\n")
            .await
            .unwrap();
        assert_eq!(isolate.get::<i64>("n").await.unwrap(), 3 * (1 << 20) + 6);
        isolate.run("ts = bad.own_conversion()\nok = ts == ['text'] * 1000\n").await.unwrap();
        assert!(isolate.get::<bool>("ok").await.unwrap());
        check_sound(&isolate).await;
    });
}

#[test]
fn a_value_of_one_isolate_is_refused_by_another() {
    block_on(async {
        let engine =
            Engine::builder().module(bad::module()).workers(std::num::NonZeroUsize::MIN).build().unwrap();
        let first = engine.isolate().grant("bad").start().await.unwrap();
        let second = engine.isolate().grant("bad").start().await.unwrap();
        first.run("import bad\nbad.carry([1, 2, 3])\nback = bad.carried()\n").await.unwrap();
        assert_eq!(first.get::<Vec<i64>>("back").await.unwrap(), [1, 2, 3]);
        let error = second.run("import bad\nx = bad.carried()\n").await.unwrap_err();
        assert!(error.to_string().contains("one isolate cannot be used in another"), "{error}");
        drop(first);
        second.run("y = 1").await.unwrap();
    });
}
