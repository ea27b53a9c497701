//! What other crates have, bound by its signature.

use star::star_bind;

use crate::check;

/// Stands for a crate of another author.
mod foreign {
    use std::cmp::Ordering;

    pub const LIMIT: u32 = 99;

    pub fn encode<T: AsRef<[u8]>>(data: T) -> String {
        data.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    pub async fn later(number: i64) -> Result<i64, std::num::TryFromIntError> {
        u8::try_from(number).map(i64::from)
    }

    pub fn largest(a: &Money, b: &Money) -> Option<Money> {
        match a.partial_cmp(b) {
            Some(Ordering::Less) => Some(b.clone()),
            Some(_) => Some(a.clone()),
            None => None,
        }
    }

    #[derive(Clone, Debug, PartialEq, PartialOrd)]
    pub struct Money {
        pub cents: i64,
        pub currency: String,
    }

    impl Money {
        pub fn new(cents: i64, currency: &str) -> Money {
            Money { cents, currency: currency.to_string() }
        }

        pub fn parse(text: &str) -> Result<Money, std::num::ParseIntError> {
            Ok(Money { cents: text.parse()?, currency: "EUR".into() })
        }

        pub fn plus(&self, other: &Money) -> Money {
            Money { cents: self.cents + other.cents, currency: self.currency.clone() }
        }

        pub fn add_cents(&mut self, cents: i64) {
            self.cents += cents;
        }

        pub fn len(&self) -> usize {
            self.currency.len()
        }

        pub async fn settle(self: &Money) -> bool {
            self.cents == 0
        }
    }

    impl std::fmt::Display for Money {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            write!(f, "{} {}", self.cents, self.currency)
        }
    }
}

star_bind! {
    /// Hexadecimal.
    pub mod hex {
        /// As hexadecimal text.
        fn encode(data: &[u8]) -> String = foreign::encode;
        #[star(name = "text")]
        fn encode_text(text: &str, #[star(default = false, kw)] upper: bool) -> String = |text: &str, upper| {
            let text = foreign::encode(text);
            if upper { text.to_uppercase() } else { text }
        };
        async fn later(number: i64) -> Result<i64, std::num::TryFromIntError> = foreign::later;
        const LIMIT: u32 = foreign::LIMIT;
    }

    #[star("bank/money", family = "python")]
    mod money {
        /// An amount.
        #[star(ord, str, repr)]
        type Money = foreign::Money {
            new(cents: i64, #[star(default = "EUR")] currency: &str);
            fn parse(text: &str) -> Result<Self, std::num::ParseIntError>;
            /// Both together.
            #[star(add)]
            fn plus(&self, other: &Money) -> Self;
            fn add_cents(&mut self, cents: i64);
            #[star(len)]
            fn len(&self) -> usize;
            fn settled(&self) -> bool = is_settled;
            async fn settle(&self) -> bool;
            get currency: String;
            /// A hundredth.
            get set cents: i64;
        }

        fn largest(a: &Money, b: &Money) -> Option<Money> = foreign::largest;
    }
}

trait Settled {
    fn is_settled(&self) -> bool;
}

impl Settled for foreign::Money {
    fn is_settled(&self) -> bool {
        self.cents == 0
    }
}

#[track_caller]
fn hex(source: &str, expected: &str) {
    check(&[hex::module()], &format!("import hex\n{source}"), expected);
}

#[track_caller]
fn money(source: &str, expected: &str) {
    check(&[money::module()], &format!("from bank.money import Money, largest\n{source}"), expected);
}

#[test]
fn functions_of_other_crates() {
    hex("print(hex.encode(b'ab'), hex.Encode(b''), hex.text('a', upper=True), hex.LIMIT)", "6162  61 99\n");
    hex("print(hex.text('J', upper=True), hex.later(7), hex.Later(7))", "4A 7 (7, None)\n");
    hex("hex.later(300)", "ValueError: out of range integral type conversion attempted\n");
    assert_eq!((hex::module().path, hex::module().doc), ("hex", "Hexadecimal."));
}

#[test]
fn types_of_other_crates() {
    money(
        "m = Money(5)\nprint(m, [m], m.currency, m.cents, len(m))",
        "5 EUR [Money { cents: 5, currency: \"EUR\" }] EUR 5 3\n",
    );
    money(
        "print(Money(5) + Money(6, 'USD'), Money.parse('12').cents, Money(1) < Money(2), Money(1) == Money(1))",
        "11 EUR 12 True True\n",
    );
    money(
        "m = Money(5)\nm.add_cents(3)\nm.cents -= 8\nprint(m.settled(), m.settle(), m)",
        "True True 0 EUR\n",
    );
    money(
        "print(largest(Money(1), Money(2)), type(largest(Money(1), Money(2))))",
        "2 EUR <class 'bank.money.Money'>\n",
    );
    money("Money.parse('x')", "ValueError: invalid digit found in string\n");
    money(
        "m = Money(5)\nm.currency = 'X'",
        "AttributeError: attribute 'currency' of 'Money' objects is not writable\n",
    );
}
