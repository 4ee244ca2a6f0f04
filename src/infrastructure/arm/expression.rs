//! The language of the strings in brackets (Microsoft Learn, "Syntax and expressions in ARM
//! templates"): calls, literals, `.property` and `[index]`.

/// What an expression may be long: Azure Resource Manager takes none that is longer (Microsoft
/// Learn, "ARM template best practices", limits).
const LONGEST: usize = 24_576;

/// How deep calls may nest. Real ones stay under fifteen; the stack of a thread is not endless.
const DEEPEST: u32 = 32;

/// One expression. Names of functions are in lower case: they have none.
#[derive(Clone, Debug, PartialEq)]
pub enum Expression {
    Text(String),
    Number(i64),
    Call(String, Vec<Expression>),
    Property(Box<Expression>, String),
    Index(Box<Expression>, Box<Expression>),
}

/// The inside of a string that is an expression: `[…]`, but not `[[…]`, which is how a literal
/// bracket is written.
pub fn inside(text: &str) -> Option<&str> {
    let inner = text.strip_prefix('[')?.strip_suffix(']')?;
    (!inner.starts_with('[')).then_some(inner)
}

/// A string that is no expression, as it is meant.
pub fn literal(text: &str) -> &str {
    match text.starts_with("[[") {
        true => text.get(1..).unwrap_or(text),
        false => text,
    }
}

/// Reads what stands between the brackets; `None` for what is no expression, or one beyond all
/// measure.
pub fn parse(text: &str) -> Option<Expression> {
    if text.len() > LONGEST {
        return None;
    }
    let mut parser = Parser {
        rest: text,
        depth: 0,
    };
    let expression = parser.expression()?;
    parser.blanks();
    parser.rest.is_empty().then_some(expression)
}

struct Parser<'t> {
    rest: &'t str,
    depth: u32,
}

impl Parser<'_> {
    fn expression(&mut self) -> Option<Expression> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return None;
        }
        let mut expression = self.primary()?;
        // Each step wraps the one before: a chain is as deep as it is long.
        for _ in 0..DEEPEST {
            if self.takes('.') {
                expression = Expression::Property(Box::new(expression), self.name()?.to_owned());
            } else if self.takes('[') {
                let index = self.expression()?;
                if !self.takes(']') {
                    return None;
                }
                expression = Expression::Index(Box::new(expression), Box::new(index));
            } else {
                break;
            }
        }
        self.depth -= 1;
        Some(expression)
    }

    fn primary(&mut self) -> Option<Expression> {
        self.blanks();
        let first = self.rest.chars().next()?;
        if first == '\'' {
            return self.string();
        }
        if first == '-' || first.is_ascii_digit() {
            return self.number();
        }
        let mut name = self.name()?.to_ascii_lowercase();
        // A function of the template's own: `contoso.uniqueName('x')`.
        if self.rest.starts_with('.') {
            self.rest = self.rest.get(1..)?;
            name.push('.');
            name.push_str(&self.name()?.to_ascii_lowercase());
        }
        if !self.takes('(') {
            return None;
        }
        let mut arguments = Vec::new();
        if self.takes(')') {
            return Some(Expression::Call(name, arguments));
        }
        loop {
            arguments.push(self.expression()?);
            if self.takes(')') {
                return Some(Expression::Call(name, arguments));
            }
            if !self.takes(',') {
                return None;
            }
        }
    }

    /// `'it''s'`.
    fn string(&mut self) -> Option<Expression> {
        let mut out = String::new();
        let mut rest = self.rest.get(1..)?;
        loop {
            let (before, after) = rest.split_once('\'')?;
            out.push_str(before);
            match after.strip_prefix('\'') {
                Some(more) => {
                    out.push('\'');
                    rest = more;
                }
                None => {
                    self.rest = after;
                    return Some(Expression::Text(out));
                }
            }
        }
    }

    fn number(&mut self) -> Option<Expression> {
        let digits = self.rest.strip_prefix('-').unwrap_or(self.rest);
        let sign = self.rest.len() - digits.len();
        let length = digits
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(digits.len());
        let (number, rest) = self.rest.split_at(sign + length);
        self.rest = rest;
        number.parse().ok().map(Expression::Number)
    }

    fn name(&mut self) -> Option<&str> {
        self.blanks();
        let end = self
            .rest
            .find(|c: char| !c.is_alphanumeric() && c != '_')
            .unwrap_or(self.rest.len());
        let (name, rest) = self.rest.split_at(end);
        self.rest = rest;
        (!name.is_empty()).then_some(name)
    }

    fn takes(&mut self, wanted: char) -> bool {
        self.blanks();
        match self.rest.strip_prefix(wanted) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn blanks(&mut self) {
        self.rest = self.rest.trim_start();
    }
}

#[cfg(test)]
mod tests {
    use super::{Expression as E, inside, literal, parse};

    fn text(text: &str) -> E {
        E::Text(text.to_owned())
    }

    #[test]
    fn expressions_are_told_from_texts() {
        assert_eq!(inside("[parameters('x')]"), Some("parameters('x')"));
        for none in ["", "x", "[[literal]", "[half", "x [y()]"] {
            assert_eq!(inside(none), None, "{none}");
        }
        assert_eq!(literal("[[literal]"), "[literal]");
        assert_eq!(literal("plain"), "plain");
    }

    #[test]
    fn calls_literals_properties_and_indexes() {
        let call = |name: &str, arguments| E::Call(name.to_owned(), arguments);
        assert_eq!(
            parse(" Concat( 'it''s', -12 ) ").unwrap(),
            call("concat", vec![text("it's"), E::Number(-12)])
        );
        assert_eq!(
            parse("reference('a').identity['principalId']").unwrap(),
            E::Index(
                Box::new(E::Property(
                    Box::new(call("reference", vec![text("a")])),
                    "identity".to_owned()
                )),
                Box::new(text("principalId"))
            )
        );
        assert_eq!(parse("contoso.Own()").unwrap(), call("contoso.own", vec![]));
        for none in [
            "",
            "'open",
            "f(",
            "f('a'",
            "f('a' 'b')",
            "f()x",
            "name",
            "f(,)",
        ] {
            assert_eq!(parse(none), None, "{none}");
        }
    }

    #[test]
    fn bombs_are_no_expressions() {
        assert_eq!(parse(&"f(".repeat(10_000)), None);
        assert_eq!(parse(&format!("f(){}", ".x".repeat(10_000))), None);
        assert_eq!(parse(&format!("'{}'", "x".repeat(30_000))), None);
    }
}
