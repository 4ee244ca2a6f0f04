//! JSON, laid out.

/// Text in the making, laid out as Python's `json.dumps` does it; on one line when `step` is 0.
pub struct Json {
    pub text: Vec<u8>,
    pub step: usize,
    pub depth: usize,
    /// Nothing stands in the present container yet.
    pub fresh: bool,
}

impl Json {
    pub fn new(step: usize, depth: usize) -> Json {
        Json {
            text: Vec::with_capacity(1 << 14),
            step,
            depth,
            fresh: true,
        }
    }

    /// A member with a value that knows how to print itself.
    pub fn put<V: Value + ?Sized>(&mut self, key: &str, value: &V) {
        self.key(key);
        value.write(self);
    }

    pub fn null(&mut self, key: &str) {
        self.key(key);
        self.raw("null");
    }

    /// A member that is an empty list.
    pub fn none(&mut self, key: &str) {
        self.key(key);
        self.raw("[]");
    }

    pub fn object(&mut self, key: &str, fill: impl FnOnce(&mut Json)) {
        self.key(key);
        self.braces(fill);
    }

    pub fn list<T>(&mut self, key: &str, items: &[T], each: impl FnMut(&mut Json, &T)) {
        self.key(key);
        self.brackets(items, each);
    }

    /// An object with at least one member.
    pub fn braces(&mut self, fill: impl FnOnce(&mut Json)) {
        self.text.push(b'{');
        self.depth += 1;
        self.fresh = true;
        fill(self);
        self.close(b'}');
    }

    pub fn brackets<T>(&mut self, items: &[T], mut each: impl FnMut(&mut Json, &T)) {
        if items.is_empty() {
            return self.raw("[]");
        }
        self.text.push(b'[');
        self.depth += 1;
        self.fresh = true;
        for item in items {
            self.advance();
            each(self, item);
        }
        self.close(b']');
    }

    pub fn close(&mut self, end: u8) {
        self.depth -= 1;
        self.fresh = false;
        self.line();
        self.text.push(end);
    }

    /// No key of ours needs escaping.
    pub fn key(&mut self, key: &str) {
        self.advance();
        self.text.push(b'"');
        self.raw(key);
        self.raw(if self.step > 0 { "\": " } else { "\":" });
    }

    /// To the place of the next member or element.
    pub fn advance(&mut self) {
        if !self.fresh {
            self.text.push(b',');
        }
        self.fresh = false;
        self.line();
    }

    pub fn line(&mut self) {
        const BLANKS: [u8; 64] = [b' '; 64];
        if self.step > 0 {
            self.text.push(b'\n');
            self.text
                .extend_from_slice(&BLANKS[..self.step * self.depth]);
        }
    }

    pub fn raw(&mut self, text: &str) {
        self.text.extend_from_slice(text.as_bytes());
    }

    pub fn number(&mut self, value: i64, width: u32) {
        for place in (0..width).rev() {
            self.text.push(b'0' + (value / 10i64.pow(place) % 10) as u8);
        }
    }
}

pub trait Value {
    fn write(&self, json: &mut Json);
}

impl<V: Value + ?Sized> Value for &V {
    fn write(&self, json: &mut Json) {
        (**self).write(json);
    }
}

impl<V: Value> Value for Option<V> {
    fn write(&self, json: &mut Json) {
        match self {
            Some(value) => value.write(json),
            None => json.raw("null"),
        }
    }
}

impl<V: Value> Value for [V] {
    fn write(&self, json: &mut Json) {
        json.brackets(self, |json, value| value.write(json));
    }
}

impl<V: Value> Value for Vec<V> {
    fn write(&self, json: &mut Json) {
        self.as_slice().write(json);
    }
}

impl Value for bool {
    fn write(&self, json: &mut Json) {
        json.raw(if *self { "true" } else { "false" });
    }
}

impl Value for u64 {
    fn write(&self, json: &mut Json) {
        json.raw(&self.to_string());
    }
}

impl Value for String {
    fn write(&self, json: &mut Json) {
        self.as_str().write(json);
    }
}

/// Quotes and line breaks are all that ours contain of what has to be escaped.
impl Value for str {
    fn write(&self, json: &mut Json) {
        json.text.push(b'"');
        let mut rest = self;
        while let Some(place) = rest.find(['"', '\n']) {
            json.raw(&rest[..place]);
            let quote = rest.as_bytes()[place] == b'"';
            json.raw(if quote { "\\\"" } else { "\\n" });
            rest = &rest[place + 1..];
        }
        json.raw(rest);
        json.text.push(b'"');
    }
}

/// 128 bits, printed in the usual 8-4-4-4-12 groups.
pub type Guid = u128;

impl Value for Guid {
    fn write(&self, json: &mut Json) {
        json.text.push(b'"');
        json.text.extend_from_slice(&digits(*self));
        json.text.push(b'"');
    }
}

pub fn hyphened(guid: Guid) -> String {
    digits(guid).iter().copied().map(char::from).collect()
}

pub fn digits(guid: Guid) -> [u8; 36] {
    let mut text = [b'-'; 36];
    let mut shift = 128;
    for (place, digit) in text.iter_mut().enumerate() {
        if !matches!(place, 8 | 13 | 18 | 23) {
            shift -= 4;
            *digit = b"0123456789abcdef"[(guid >> shift) as usize & 15];
        }
    }
    text
}

/// Milliseconds since 1970. Microsoft Graph prints `2026-01-14T09:32:11Z`.
#[derive(Clone, Copy)]
pub struct Time(pub i64);

/// As the Azure CLI prints what came from Azure: `2025-07-07T10:40:27.527000+00:00`.
pub struct Precise(pub Time);

pub const SECOND: i64 = 1000;
pub const DAY: i64 = 86_400 * SECOND;
/// 2026-06-01T00:00:00Z, the date on which the world is clean.
pub const TODAY: Time = Time(20_605 * DAY);

impl Value for Time {
    fn write(&self, json: &mut Json) {
        json.text.push(b'"');
        self.civil(json);
        json.raw("Z\"");
    }
}

impl Value for Precise {
    fn write(&self, json: &mut Json) {
        json.text.push(b'"');
        self.0.civil(json);
        json.text.push(b'.');
        json.number(self.0.0.rem_euclid(SECOND), 3);
        json.raw("000+00:00\"");
    }
}

impl Time {
    pub fn civil(self, json: &mut Json) {
        let (year, month, day) = date(self.0.div_euclid(DAY));
        let second = self.0.rem_euclid(DAY) / SECOND;
        json.number(year, 4);
        for (lead, value) in [
            (b'-', month),
            (b'-', day),
            (b'T', second / 3600),
            (b':', second / 60 % 60),
            (b':', second % 60),
        ] {
            json.text.push(lead);
            json.number(value, 2);
        }
    }
}

/// Year, month and day of a day since 1970 (Howard Hinnant, "chrono-Compatible Low-Level Date
/// Algorithms": `civil_from_days`).
pub fn date(day: i64) -> (i64, i64, i64) {
    let shifted = day + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * of_year + 2) / 153;
    let day_of_month = of_year - (153 * from_march + 2) / 5 + 1;
    let month = (from_march + 2) % 12 + 1;
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day_of_month)
}
