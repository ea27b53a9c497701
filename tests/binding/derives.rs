//! Structs and enums of Rust as values of scripts.

use std::collections::BTreeMap;

use star::private::TypeDesc;
use star::{FromStar, IntoStar, star_module};

use crate::check;

/// Orders.
#[star_module("shop", family = "python")]
mod shop {
    use super::*;

    #[derive(Debug, PartialEq, FromStar, IntoStar)]
    pub struct Order {
        /// Its number.
        id: u32,
        price: f64,
        #[star(default = 1)]
        count: u8,
        note: Option<String>,
        #[star(rename = "type", default = "plain")]
        kind: String,
        #[star(skip)]
        seen: bool,
    }

    #[derive(Debug, FromStar, IntoStar)]
    #[star(deny_unknown, name = "Place")]
    struct Address {
        street: Street,
        #[star(default)]
        tags: Vec<Tag>,
    }

    #[derive(Debug, FromStar, IntoStar)]
    struct Street(String);

    #[derive(Debug, Clone, Copy, FromStar, IntoStar)]
    enum Tag {
        HomeOffice,
        #[star(rename = "work!")]
        Work,
    }

    #[derive(Debug, FromStar, IntoStar)]
    enum Shape {
        Empty,
        Circle(f64),
        Line(f64, f64),
        Box { width: f64, height: Option<f64> },
    }

    #[derive(Debug, FromStar, IntoStar)]
    #[star(tag = "kind", deny_unknown)]
    enum Message {
        Quit,
        Say {
            text: String,
            #[star(default = 1)]
            times: i64,
        },
    }

    #[derive(Debug, FromStar, IntoStar)]
    struct Page<T> {
        items: Vec<T>,
        next: Option<Box<Page<T>>>,
    }

    #[derive(Debug, FromStar, IntoStar)]
    enum Term {
        Num(i64),
        Neg(Box<Term>),
    }

    #[derive(Debug, FromStar, IntoStar)]
    struct Nothing;

    #[star_fn]
    fn order(order: Order) -> String {
        format!("{order:?}")
    }

    #[star_fn]
    fn back(order: Order) -> Order {
        order
    }

    #[star_fn]
    fn total(orders: Vec<Order>) -> f64 {
        orders.iter().map(|order| order.price * f64::from(order.count)).sum()
    }

    #[star_fn]
    fn address(place: Address) -> Address {
        place
    }

    #[star_fn]
    fn shape(shape: Shape) -> String {
        format!("{shape:?}")
    }

    #[star_fn]
    fn shapes() -> Vec<Shape> {
        vec![Shape::Empty, Shape::Circle(1.5), Shape::Line(1.0, 2.0), Shape::Box { width: 1.0, height: None }]
    }

    #[star_fn]
    fn message(message: Message) -> Message {
        message
    }

    #[star_fn]
    fn page(page: Page<i64>) -> usize {
        page.items.len() + page.next.map_or(0, |next| self::page(*next))
    }

    #[star_fn]
    fn pages() -> Page<String> {
        Page { items: vec!["a".into()], next: Some(Box::new(Page { items: vec![], next: None })) }
    }

    #[star_fn]
    fn term(term: Term) -> i64 {
        match term {
            Term::Num(number) => number,
            Term::Neg(term) => -self::term(*term),
        }
    }

    #[star_fn]
    fn by_name(orders: BTreeMap<String, Order>) -> Vec<u32> {
        orders.values().map(|order| order.id).collect()
    }

    #[star_fn]
    fn nothing(nothing: Nothing) -> Nothing {
        nothing
    }
}

#[track_caller]
fn shop(source: &str, expected: &str) {
    check(&[shop::module()], &format!("import shop\n{source}"), expected);
}

#[test]
fn a_struct_is_read_from_a_dict_or_struct() {
    let expected = "Order { id: 1, price: 2.0, count: 1, note: None, kind: \"plain\", seen: false }\n";
    shop("print(shop.order({'id': 1, 'price': 2}))", expected);
    shop("print(shop.order(struct(id=1, price=2, other=3)))", expected);
    shop("print(shop.order({'id': 1, 'price': 2, 'note': None, 3: 4}))", expected);
    let full = "Order { id: 7, price: 2.5, count: 9, note: Some(\"x\"), kind: \"big\", seen: false }\n";
    shop(
        "print(shop.order({'id': 7, 'price': 2.5, 'count': 9, 'note': 'x', 'type': 'big', 'seen': 1}))",
        full,
    );
}

#[test]
fn a_struct_becomes_a_struct_value() {
    let source =
        "a = shop.back({'id': 1, 'price': 2})\nb = shop.back(a)\nprint(a, a == b, a.id, type(a) is type(b))";
    shop(source, "Order(id=1, price=2.0, count=1, note=None, type='plain') True 1 True\n");
    shop("print(shop.nothing(struct()), shop.nothing({}))", "Nothing() Nothing()\n");
}

#[test]
fn what_is_wrong_is_named_by_its_path() {
    shop(
        "shop.total([{'id': 1, 'price': 2}, {'id': 1, 'price': '12'}])",
        "TypeError: total(): orders[1].price: expected float, got str \"12\"\n",
    );
    shop("shop.order({'price': 2})", "TypeError: order(): order.id: expected int, got nothing\n");
    shop("shop.order(3)", "TypeError: order(): order: expected Order (a dict or struct), got int 3\n");
    shop(
        "shop.order({'id': -1, 'price': 2})",
        "ValueError: order(): order.id: expected int from 0 to 4294967295, got int -1\n",
    );
    shop(
        "shop.by_name({'x': {'id': 1, 'price': 1}, 'a b': {'id': None}})",
        "TypeError: by_name(): orders[\"a b\"].id: expected int, got None\n",
    );
    shop(
        "shop.address({'street': 'A', 'tag': []})",
        "TypeError: address(): place: expected the field 'street' or 'tags', got 'tag' (did you mean 'tags'?)\n",
    );
}

#[test]
fn variants_are_texts() {
    shop(
        "print(shop.address({'street': 'A', 'tags': ['home_office', 'work!']}))",
        "Place(street='A', tags=['home_office', 'work!'])\n",
    );
    shop("print(shop.address({'street': 'A'}))", "Place(street='A', tags=[])\n");
    shop(
        "shop.address({'street': 'A', 'tags': ['home_ofice']})",
        "ValueError: address(): place.tags[0]: expected 'home_office' or 'work!', got str \"home_ofice\" (did you mean 'home_office'?)\n",
    );
    shop(
        "shop.address({'street': 'A', 'tags': [1]})",
        "TypeError: address(): place.tags[0]: expected 'home_office' or 'work!', got int 1\n",
    );
}

#[test]
fn variants_hold_something_under_their_name() {
    shop(
        "print(shop.shape('empty'), shop.shape({'circle': 2}), shop.shape({'empty': None}))",
        "Empty Circle(2.0) Empty\n",
    );
    shop(
        "print(shop.shape({'line': (1, 2)}), shop.shape({'box': {'width': 1}}))",
        "Line(1.0, 2.0) Box { width: 1.0, height: None }\n",
    );
    shop(
        "print(shop.shapes())",
        "['empty', {'circle': 1.5}, {'line': (1.0, 2.0)}, {'box': {'width': 1.0, 'height': None}}]\n",
    );
    shop("shop.shape('circle')", "TypeError: shape(): shape: expected {'circle': …}, got str \"circle\"\n");
    shop(
        "shop.shape({'box': {'height': 1}})",
        "TypeError: shape(): shape.box.width: expected float, got nothing\n",
    );
    shop(
        "shop.shape({'circel': 1})",
        "ValueError: shape(): shape: expected 'empty', 'circle', 'line' or 'box', got str \"circel\" (did you mean 'circle'?)\n",
    );
    shop(
        "shop.shape({})",
        "TypeError: shape(): shape: expected a str or a dict with one key, 'empty', 'circle', 'line' or 'box', got dict\n",
    );
    shop("shop.shape({'line': [1]})", "ValueError: shape(): shape.line: expected 2 items, got 1 items\n");
}

#[test]
fn variants_stand_beside_a_tag() {
    shop(
        "print(shop.message({'kind': 'quit'}), shop.message({'text': 'hi', 'kind': 'say'}))",
        "{'kind': 'quit'} {'kind': 'say', 'text': 'hi', 'times': 1}\n",
    );
    shop("shop.message({'kind': 'say'})", "TypeError: message(): message.text: expected str, got nothing\n");
    shop("shop.message({})", "TypeError: message(): message.kind: expected 'quit' or 'say', got nothing\n");
    shop(
        "shop.message({'kind': 'quit', 'x': 1})",
        "TypeError: message(): message: expected no field, got 'x'\n",
    );
}

#[test]
fn types_that_contain_themselves() {
    shop("print(shop.page({'items': [1], 'next': {'items': [2, 3]}}))", "3\n");
    shop("print(shop.pages())", "Page(items=['a'], next=Page(items=[], next=None))\n");
    shop("print(shop.term({'neg': {'neg': {'num': 4}}}))", "4\n");
    let deep = "d = {'items': []}\nd['next'] = d\ntry:\n    shop.page(d)\nexcept ValueError as e:\n    print('nests less deeply' in str(e))";
    shop(deep, "True\n");
    let deep = "d = {}\nd['neg'] = d\ntry:\n    shop.term(d)\nexcept ValueError as e:\n    print('nests less deeply' in str(e))";
    shop(deep, "True\n");
}

#[derive(FromStar)]
#[allow(dead_code)]
struct Described {
    /// How many.
    count: i64,
    #[star(default)]
    name: String,
    inner: Option<Box<Described>>,
    #[star(opaque)]
    any: String,
}

#[test]
fn types_are_described() {
    let TypeDesc::Record("Described", fields) = Described::TYPE else { panic!("a record") };
    let names: Vec<(&str, bool)> = fields.iter().map(|field| (field.name, field.optional)).collect();
    assert_eq!(names, [("count", false), ("name", true), ("inner", true), ("any", false)]);
    assert_eq!(fields[0].doc, "How many.");
    assert_eq!(*fields[1].ty, TypeDesc::Str);
    assert_eq!(*fields[2].ty, TypeDesc::Object("Described"));
    assert_eq!(*fields[3].ty, TypeDesc::Any);
}
