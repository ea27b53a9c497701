//! Types of Rust as types of scripts.

use star::{star_module, star_object};

use crate::{check, run};

/// Shapes.
#[star_module("shapes")]
mod shapes {
    use std::cmp::Ordering;

    use star::private::Ctx;

    /// A place in the plane.
    #[derive(Clone, Copy, Debug, PartialEq)]
    #[star_object]
    pub struct Point {
        /// To the right.
        #[star(get, set)]
        x: f64,
        #[star(get, set, name = "height")]
        y: f64,
        hidden: i64,
    }

    #[star_object(eq, repr)]
    impl Point {
        pub const DIMENSIONS: usize = 2;
        const PRIVATE: i64 = 7;

        /// A point.
        pub fn new(x: f64, #[star(default = 0.0)] y: f64) -> Self {
            Point { x, y, hidden: Self::PRIVATE }
        }

        pub fn polar(angle: f64, radius: f64) -> Result<Self, ShapeError> {
            match radius < 0.0 {
                true => Err(ShapeError("a radius is not negative".into())),
                false => Ok(Point::new(angle.cos() * radius, angle.sin() * radius)),
            }
        }

        /// How far it is from the origin.
        #[star(get)]
        fn distance_to_origin(&self) -> f64 {
            self.x.hypot(self.y)
        }

        #[star(get)]
        fn angle(&self) -> Result<f64, ShapeError> {
            if self.x == 0.0 && self.y == 0.0 {
                Err(ShapeError("none".into()))
            } else {
                Ok(self.y.atan2(self.x))
            }
        }

        #[star(set)]
        fn set_angle(&mut self, value: f64) {
            let radius = self.x.hypot(self.y);
            (self.x, self.y) = (value.cos() * radius, value.sin() * radius);
        }

        /// Moves it.
        fn move_by(&mut self, x: f64, #[star(kw, default = 0.0)] y: f64) {
            self.x += x;
            self.y += y;
        }

        fn distance(&self, other: &Point) -> f64 {
            (self.x - other.x).hypot(self.y - other.y)
        }

        fn swap(&mut self, other: &mut Self) {
            std::mem::swap(self, other);
        }

        fn nearest(&self, to: Option<&Point>) -> f64 {
            to.map_or(-1.0, |to| self.distance(to))
        }

        #[star(skip)]
        fn secret(&self) -> i64 {
            self.hidden
        }

        fn describe(&self, ctx: &mut Ctx) -> Result<i64, star::private::Raise> {
            ctx.print("a point\n")?;
            Ok(self.secret())
        }

        #[star(add)]
        fn add(&self, other: &Point) -> Point {
            Point { x: self.x + other.x, y: self.y + other.y, ..*self }
        }

        #[star(mul, rmul)]
        fn scale(&self, by: f64) -> Point {
            Point { x: self.x * by, y: self.y * by, ..*self }
        }

        #[star(mul)]
        fn dot(&self, other: &Point) -> f64 {
            self.x * other.x + self.y * other.y
        }

        #[star(rsub)]
        fn from(&self, start: f64) -> Point {
            Point { x: start - self.x, y: start - self.y, ..*self }
        }

        #[star(iadd)]
        fn shift(&mut self, by: i64) {
            self.move_by(by as f64, by as f64);
        }

        #[star(neg)]
        fn negate(&self) -> Point {
            self.scale(-1.0)
        }

        #[star(abs)]
        fn size(&self) -> f64 {
            self.distance_to_origin()
        }

        #[star(truth)]
        fn is_somewhere(&self) -> bool {
            self.x != 0.0 || self.y != 0.0
        }

        #[star(format)]
        fn format(&self, spec: &str) -> Result<String, ShapeError> {
            match spec {
                "x" => Ok(self.x.to_string()),
                _ => Err(ShapeError(format!("no format {spec}"))),
            }
        }

        fn helper(x: f64) -> f64 {
            x
        }

        pub fn helped(&self) -> f64 {
            Self::helper(self.x)
        }

        fn grow(&mut self, by: u8) -> &str {
            assert!(by != 0, "by nothing");
            self.x += f64::from(by);
            "grown"
        }
    }

    #[derive(Debug)]
    pub struct ShapeError(String);

    impl std::fmt::Display for ShapeError {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str(&self.0)
        }
    }

    impl std::error::Error for ShapeError {}

    /// Rows of numbers.
    #[derive(Default)]
    pub struct Grid {
        rows: Vec<Vec<i64>>,
    }

    #[star_object(name = "Table")]
    impl Grid {
        #[star(new)]
        pub fn create(#[star(args)] rows: Vec<Vec<i64>>) -> Result<Self, String> {
            match rows.first().is_some_and(|first| rows.iter().any(|row| row.len() != first.len())) {
                true => Err("rows differ in length".into()),
                false => Ok(Grid { rows }),
            }
        }

        #[star(len)]
        fn len(&self) -> usize {
            self.rows.len()
        }

        #[star(item)]
        fn item(&self, at: (usize, usize)) -> Result<i64, ShapeError> {
            let cell = self.rows.get(at.0).and_then(|row| row.get(at.1));
            cell.copied().ok_or_else(|| ShapeError(format!("no cell {at:?}")))
        }

        #[star(set_item)]
        fn set_item(&mut self, at: (usize, usize), value: i64) -> Result<(), ShapeError> {
            let cell = self.rows.get_mut(at.0).and_then(|row| row.get_mut(at.1));
            *cell.ok_or_else(|| ShapeError(format!("no cell {at:?}")))? = value;
            Ok(())
        }

        #[star(del_item)]
        fn del_item(&mut self, row: usize) {
            self.rows.remove(row);
        }

        #[star(contains)]
        fn contains(&self, number: i64) -> bool {
            self.rows.iter().any(|row| row.contains(&number))
        }

        #[star(call)]
        fn sum(&self, #[star(args)] columns: Vec<usize>, #[star(kw, default = 0)] start: i64) -> i64 {
            let cells = |row: &Vec<i64>| columns.iter().filter_map(|&column| row.get(column)).sum::<i64>();
            self.rows.iter().map(cells).sum::<i64>() + start
        }

        #[star(missing)]
        fn missing(&self, name: &str) -> Option<Vec<i64>> {
            let index: usize = name.strip_prefix("row")?.parse().ok()?;
            self.rows.get(index).cloned()
        }

        #[star(repr)]
        fn repr(&self) -> String {
            format!("<Table {:?}>", self.rows)
        }

        #[star(str)]
        fn text(&self) -> &'static str {
            "a table"
        }
    }

    /// A version.
    #[derive(PartialEq, PartialOrd, Hash)]
    pub struct Version(u32, u32);

    #[star_object(ord, hash)]
    impl Version {
        pub fn new(major: u32, minor: u32) -> Version {
            Version(major, minor)
        }
    }

    /// A word that compares without case.
    pub struct Word(String);

    #[star_object]
    impl Word {
        pub fn new(text: String) -> Word {
            Word(text)
        }

        #[star(cmp)]
        fn order(&self, other: &Word) -> Ordering {
            self.0.to_lowercase().cmp(&other.0.to_lowercase())
        }

        #[star(eq)]
        fn is_text(&self, other: &str) -> bool {
            self.0.eq_ignore_ascii_case(other)
        }

        #[star(hash)]
        fn hash(&self) -> u64 {
            self.0.len() as u64
        }

        #[star(repr)]
        fn repr(&self) -> String {
            self.0.clone()
        }
    }

    /// Something to close.
    pub struct Feed {
        name: String,
        next: i64,
    }

    #[star_object]
    impl Feed {
        pub fn new(name: String) -> Feed {
            Feed { name, next: 0 }
        }

        #[star(get)]
        fn station_id(&self) -> &str {
            &self.name
        }

        #[star(next)]
        fn advance(&mut self) -> Result<Option<i64>, String> {
            self.next += 1;
            match self.next {
                9 => Err("nine".into()),
                next if next > 3 && next < 8 => Ok(None),
                next => Ok(Some(next)),
            }
        }

        #[star(enter)]
        fn enter(&mut self) {
            self.next = 0;
        }

        #[star(close)]
        fn close(&mut self) -> Result<bool, String> {
            self.next = -1;
            Ok(true)
        }
    }

    pub struct Once(i64);

    #[star_object]
    impl Once {
        pub fn new() -> Once {
            Once(5)
        }

        #[star(exit)]
        fn exit(&self, error: Option<star::Rooted>) -> bool {
            error.is_some()
        }

        #[star(close)]
        fn finish(self) -> i64 {
            self.0
        }
    }

    #[star_fn]
    fn centre(points: Vec<star::HostRef<Point>>) -> Result<Point, star::InUse> {
        let mut centre = Point::new(0.0, 0.0);
        for point in &points {
            centre = centre.add(&*point.borrow()?);
        }
        Ok(centre.scale(1.0 / points.len() as f64))
    }
}

/// Stands outside of every module.
#[derive(Clone, Debug)]
#[star_object]
pub struct Alone {
    #[star(get)]
    number: i64,
}

#[star_object(module = "elsewhere/more", family = "python")]
impl Alone {
    pub fn new(number: i64) -> Alone {
        Alone { number }
    }

    fn doubled(&self) -> i64 {
        self.number * 2
    }
}

/// Fields are all it has.
#[star_object(fields_only, module = "elsewhere", repr)]
#[derive(Debug)]
pub struct Plain {
    #[star(get, set)]
    first_name: String,
}

#[star_module("elsewhere", types = [Alone, super::Plain])]
mod elsewhere {
    use super::Alone;

    #[star_fn]
    fn plain() -> super::Plain {
        super::Plain { first_name: "Ada".into() }
    }
}

#[track_caller]
fn shapes(source: &str, expected: &str) {
    let source = format!("from shapes import Feed, Once, Point, ShapeError, Table, Version, Word\n{source}");
    check(&[shapes::module()], &source, expected);
}

#[test]
fn types_are_called_and_their_functions_too() {
    shapes("print(Point(1), Point(y=2, x=1).height)", "Point { x: 1.0, y: 0.0, hidden: 7 } 2.0\n");
    shapes(
        "print(Point.polar(0, 2).x, Point.Polar(0, -1))",
        "2.0 (None, ShapeError('a radius is not negative'))\n",
    );
    shapes("Point.polar(0, -1)", "ShapeError: a radius is not negative\n");
    shapes("print(Point, type(Point(1)) is Point, Point.DIMENSIONS)", "<class 'shapes.Point'> True 2\n");
    shapes("Table([1], [])", "RuntimeError: rows differ in length\n");
    shapes("print(Point.PRIVATE)", "AttributeError: type object 'Point' has no attribute 'PRIVATE'\n");
}

#[test]
fn methods_borrow_the_object() {
    shapes("p = Point(1)\np.move_by(2, y=3)\np.MoveBy(1)\nprint(p.x, p.height)", "4.0 3.0\n");
    shapes("print(Point(3).distance(Point(0, 4)), Point(3).Distance(Point(3)))", "5.0 0.0\n");
    shapes("p, q = Point(1), Point(2)\np.swap(q)\nprint(p.x, q.x)", "2.0 1.0\n");
    shapes(
        "p = Point(1)\np.swap(p)",
        "RuntimeError: the object is in use: a method of it has not returned yet\n",
    );
    shapes(
        "print(Point(1).nearest(), Point(1).nearest(None), Point(1).nearest(Point(3)))",
        "-1.0 -1.0 2.0\n",
    );
    shapes("print(Point(1).describe())", "a point\n7\n");
    shapes("Point(1).secret()", "AttributeError: 'Point' object has no attribute 'secret'\n");
    shapes("Point(1).distance(3)", "TypeError: distance(): other: expected Point, got int 3\n");
    shapes("print(Point(4).helped())", "4.0\n");
    shapes("Point.helper(4)", "AttributeError: type object 'Point' has no attribute 'helper'\n");
    shapes("import shapes\nprint(shapes.centre([Point(1), Point(3)]).x)", "2.0\n");
}

#[test]
fn a_panic_is_an_exception() {
    shapes("print(Point(1).grow(2))", "grown\n");
    shapes("p = Point(1)\np.grow(0)", "SystemError: grow() panicked: by nothing\n");
    shapes(
        "p = Point(1)\ntry:\n    p.grow(0)\nexcept SystemError:\n    print(p.grow(1), p.x)",
        "grown 2.0\n",
    );
}

#[test]
fn attributes_are_computed_or_fields() {
    shapes("print(Point(3, 4).distance_to_origin, Point(3, 4).DistanceToOrigin)", "5.0 5.0\n");
    shapes("p = Point(1)\np.x = 5\np.Height = 2\nprint(p.X, p.height)", "5.0 2.0\n");
    shapes("p = Point(0)\nprint(p.angle)", "ShapeError: none\n");
    shapes("p = Point(0, 1)\np.angle = 0\nprint(p.x)", "1.0\n");
    shapes("p = Point(0, 1)\np.angle = 'up'", "TypeError: angle: expected float, got str \"up\"\n");
    shapes("p = Point(0)\np.x = None", "TypeError: x: expected float, got None\n");
    let error = run(&[shapes::module()], &[], "from shapes import Point\nPoint(1).distance_to_origin = 2");
    assert!(error.starts_with("AttributeError: "), "{error}");
}

#[test]
fn operators_know_their_operands() {
    shapes("print((Point(1) + Point(2, 3)).x, (Point(1) * 3).x, (2 * Point(1)).x)", "3.0 3.0 2.0\n");
    shapes(
        "print(Point(1, 2) * Point(3, 4), (10 - Point(1)).x, (-Point(1)).x, abs(Point(3, 4)))",
        "11.0 9.0 -1.0 5.0\n",
    );
    shapes("p = q = Point(1)\np += 2\nprint(q.x, p is q)", "3.0 True\n");
    shapes("Point(1) + 1", "TypeError: unsupported operand type(s) for +: 'Point' and 'int'\n");
    shapes("'a' - Point(1)", "TypeError: unsupported operand type(s) for -: 'str' and 'Point'\n");
    shapes("print(bool(Point(0)), not Point(1), f'{Point(2):x}')", "False False 2\n");
    shapes("f'{Point(2):y}'", "ShapeError: no format y\n");
}

#[test]
fn comparisons_by_traits_and_methods() {
    shapes("print(Point(1) == Point(1), Point(1) != Point(1), Point(1) == 1)", "True False False\n");
    shapes("{Point(1)}", "TypeError: unhashable type: 'Point'\n");
    shapes(
        "print(Version(1, 2) < Version(1, 10), sorted([Version(2, 0), Version(1, 0)])[0] == Version(1, 0))",
        "True True\n",
    );
    shapes("print({Version(1, 2): 'x'}[Version(1, 2)], Version(1, 2) in {Version(1, 3)})", "x False\n");
    shapes("Version(1, 2) < 3", "TypeError: '<' not supported between instances of 'Version' and 'int'\n");
    shapes(
        "print(Word('b') >= Word('A'), max(Word('x'), Word('Y')), Word('A') == Word('a'))",
        "True Y True\n",
    );
    shapes(
        "print(Word('A') == 'a', 'b' == Word('A'), Word('A') != 'a', len({Word('a'), Word('A')}))",
        "True False False 1\n",
    );
}

#[test]
fn builtins_ask_the_object() {
    shapes(
        "t = Table([1, 2], [3, 4])\nprint(len(t), 3 in t, 9 in t, bool(Table()), t, [t])",
        "2 True False False a table [<Table [[1, 2], [3, 4]]>]\n",
    );
    shapes("print(Table([1, 2], [3, 4])(0, 1, start=5), Table([1])())", "15 0\n");
    shapes(
        "Table([1])(stat=1)",
        "TypeError: sum() got an unexpected keyword argument 'stat'. Did you mean 'start'?\n",
    );
    shapes("t = Table([1, 2], [3, 4])\nt[0, 1] += 5\ndel t[1]\nprint(t[0, 1], len(t))", "7 1\n");
    shapes("Table([1])[0, 3]", "ShapeError: no cell (0, 3)\n");
    shapes("Table([1])['a', 3] = 2", "TypeError: set_item(): at[0]: expected int, got str \"a\"\n");
    shapes("print(Table([1, 2]).row0)", "[1, 2]\n");
    shapes("Table([1, 2]).row7", "AttributeError: 'Table' object has no attribute 'row7'\n");
    shapes("Table.row0", "AttributeError: type object 'Table' has no attribute 'row0'\n");
    shapes("'x' in Table()", "TypeError: contains(): number: expected int, got str \"x\"\n");
}

#[test]
fn iterators_say_what_comes_next() {
    shapes("print(list(Feed('a')), [x * 2 for x in Feed('a')], sum(Feed('b')))", "[1, 2, 3] [2, 4, 6] 6\n");
    shapes(
        "f = Feed('a')\nfor i in range(6):\n    next(f, None)\nnext(f, None)\nprint(next(f))\nnext(f)",
        "8\nRuntimeError: nine\n",
    );
}

#[test]
fn objects_are_closed() {
    shapes(
        "f = Feed('a')\nprint(f.station_id, f.Close(), f.Close(), f.close())",
        "a (True, None) (None, None) None\n",
    );
    shapes("f = Feed('a')\nf.close()\nf.station_id", "ValueError: this Feed is closed\n");
    shapes(
        "f = Feed('a')\nnext(f)\nwith f as g:\n    print(next(g), f is g)\nnext(f)",
        "1 True\nValueError: this Feed is closed\n",
    );
    shapes("with Feed('a') as f:\n    1 / 0", "ZeroDivisionError: division by zero\n");
    shapes("o = Once()\nwith o:\n    1 / 0\nprint(o.finish(), o.finish())", "5 None\n");
}

#[test]
fn types_stand_outside_of_modules_too() {
    let module = &[elsewhere::module()];
    check(
        module,
        "import elsewhere\nprint(elsewhere.Alone, elsewhere.Alone(4).doubled(), elsewhere.Alone(4).Number)",
        "<class 'elsewhere.more.Alone'> 8 4\n",
    );
    check(
        module,
        "import elsewhere\np = elsewhere.plain()\np.FirstName += ' B.'\nprint(p, p.first_name)",
        "Plain { first_name: \"Ada B.\" } Ada B.\n",
    );
}
