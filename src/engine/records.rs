//! Where the records of a source stand: some three bytes a record, for there may be millions.
//!
//! Records follow each other, so one tells where the next begins and how it is counted, but for
//! what stands between them. Only every so many is kept in full, to start from.

/// A record: an element, a line, or the whole file.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// Offset in the source's text.
    pub offset: u64,
    pub len: u32,
    /// The how-manieth of the file, from 0; the line's number in JSON Lines, from 1. Inputs are
    /// smaller than four thousand million records.
    pub number: u32,
}

/// A list of records. Gives back exactly what was put in; it is small where they come in order.
#[derive(Clone, Debug, Default)]
pub enum Records {
    #[default]
    None,
    /// Most sources are one record, and there may be many.
    One(Record),
    Many(Box<Many>),
}

/// Several records.
#[derive(Clone, Debug)]
pub struct Many {
    /// Every [`EACH`]-th record.
    full: Vec<Record>,
    /// How one gets from each record to the next, but for those that are kept in full.
    steps: Vec<u8>,
    /// Where the steps behind each record begin that is kept in full.
    starts: Vec<usize>,
    len: usize,
    /// At the last record.
    last: Walk,
}

/// How many records share one that is kept in full: it takes that many steps to find one.
const EACH: usize = 32;

impl Records {
    pub fn len(&self) -> usize {
        match self {
            Records::None => 0,
            Records::One(_) => 1,
            Records::Many(many) => many.len,
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds a record behind the others.
    pub fn push(&mut self, record: Record) {
        match self {
            Records::None => *self = Records::One(record),
            Records::One(first) => {
                let mut many = Box::new(Many {
                    full: vec![*first],
                    steps: Vec::new(),
                    starts: vec![0],
                    len: 1,
                    last: Walk::from(*first),
                });
                many.push(record);
                *self = Records::Many(many);
            }
            Records::Many(many) => many.push(record),
        }
    }

    /// The record with this place in the list.
    pub fn get(&self, at: usize) -> Option<Record> {
        self.block(at / EACH)?.nth(at % EACH)
    }

    /// The place of the record that begins at `offset`; records have to come in order.
    pub fn find(&self, offset: u64) -> Option<usize> {
        let after = self
            .full()
            .partition_point(|record| record.offset <= offset);
        let block = after.checked_sub(1)?;
        let mut records = self.block(block)?;
        let at = records.position(|record| record.offset == offset)?;
        Some(block * EACH + at)
    }

    fn full(&self) -> &[Record] {
        match self {
            Records::None => &[],
            Records::One(record) => std::slice::from_ref(record),
            Records::Many(many) => &many.full,
        }
    }

    /// A record that is kept in full, and those up to the next such one.
    fn block(&self, block: usize) -> Option<impl Iterator<Item = Record> + '_> {
        let first = *self.full().get(block)?;
        let mut steps = match self {
            Records::Many(many) => many.steps(block)?,
            Records::None | Records::One(_) => &[],
        };
        let mut walk = Walk::from(first);
        let others = std::iter::from_fn(move || walk.next(&mut steps));
        Some(std::iter::once(first).chain(others))
    }
}

impl Many {
    fn push(&mut self, record: Record) {
        if self.len.is_multiple_of(EACH) {
            self.starts.push(self.steps.len());
            self.last = Walk::from(record);
            self.full.push(record);
        } else {
            self.last.note(record, &mut self.steps);
        }
        self.len += 1;
    }

    /// The steps behind a record that is kept in full.
    fn steps(&self, block: usize) -> Option<&[u8]> {
        let start = *self.starts.get(block)?;
        let end = self.starts.get(block + 1).copied();
        self.steps.get(start..end.unwrap_or(self.steps.len()))
    }
}

/// On the way from record to record.
#[derive(Copy, Clone, Debug)]
struct Walk {
    record: Record,
    /// Bytes before the record, from the end of the one before it.
    gap: u64,
}

impl Walk {
    fn from(record: Record) -> Walk {
        Walk { record, gap: 0 }
    }

    /// Writes how one gets to `record`: twice its length where nothing else is new; otherwise one
    /// more, then the gap before it and by how much its number is greater. Differences wrap, so
    /// that any record can follow any other.
    fn note(&mut self, record: Record, steps: &mut Vec<u8>) {
        let gap = record.offset.wrapping_sub(self.end());
        let more = record.number.wrapping_sub(self.record.number);
        let usual = gap == self.gap && more == 1;
        write(u64::from(record.len) << 1 | u64::from(!usual), steps);
        if !usual {
            write(gap, steps);
            write(u64::from(more), steps);
        }
        *self = Walk { record, gap };
    }

    /// Takes the next step; `None` where there is none.
    fn next(&mut self, steps: &mut &[u8]) -> Option<Record> {
        let len = read(steps)?;
        let mut more = 1;
        if len & 1 == 1 {
            self.gap = read(steps)?;
            more = read(steps)? as u32;
        }
        self.record = Record {
            offset: self.end().wrapping_add(self.gap),
            len: (len >> 1) as u32,
            number: self.record.number.wrapping_add(more),
        };
        Some(self.record)
    }

    fn end(&self) -> u64 {
        self.record.offset.wrapping_add(u64::from(self.record.len))
    }
}

/// Writes a number in groups of seven bits, the lowest first; all bytes but the last have their
/// highest bit set (LEB128).
fn write(mut number: u64, bytes: &mut Vec<u8>) {
    while number > 0x7f {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

/// Reads what [`write`] wrote, and leaves what stands behind it.
fn read(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for shift in (0..u64::BITS).step_by(7) {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            break;
        }
    }
    Some(number)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Records as an input has them: behind each other, a few of them left out.
    fn in_order() -> impl Strategy<Value = Vec<Record>> {
        let gap = prop_oneof![8 => Just(4u64), 1 => 0u64..9, 1 => 0u64..1 << 40];
        let len = prop_oneof![9 => 1u32..3000, 1 => any::<u32>()];
        let more = prop_oneof![9 => Just(1u32), 1 => 1u32..9];
        prop::collection::vec((gap, len, more), 0..200).prop_map(|steps| {
            let (mut end, mut number) = (0, 0);
            let records = steps.into_iter().map(|(gap, len, more)| {
                let offset = end + gap;
                (end, number) = (offset + u64::from(len), number + more);
                Record {
                    offset,
                    len,
                    number,
                }
            });
            records.collect()
        })
    }

    fn any_record() -> impl Strategy<Value = Record> {
        (any::<u64>(), any::<u32>(), any::<u32>()).prop_map(|(offset, len, number)| Record {
            offset,
            len,
            number,
        })
    }

    fn filled(records: &[Record]) -> Records {
        let mut list = Records::default();
        for record in records {
            list.push(*record);
        }
        list
    }

    fn check(records: &[Record]) -> Result<Records, TestCaseError> {
        let list = filled(records);
        prop_assert_eq!(list.len(), records.len());
        prop_assert_eq!(list.is_empty(), records.is_empty());
        for (at, record) in records.iter().enumerate() {
            prop_assert_eq!(list.get(at), Some(*record));
        }
        prop_assert_eq!(list.get(records.len()), None);
        prop_assert_eq!(list.get(records.len() + EACH), None);
        Ok(list)
    }

    proptest! {
        #[test]
        fn what_was_put_in_comes_back(records in in_order()) {
            let list = check(&records)?;
            for (at, record) in records.iter().enumerate() {
                prop_assert_eq!(list.find(record.offset), Some(at));
                let after = record.offset + 1;
                let wanted = records.iter().position(|record| record.offset == after);
                prop_assert_eq!(list.find(after), wanted);
            }
        }

        #[test]
        fn in_whatever_order(records in prop::collection::vec(any_record(), 0..100)) {
            check(&records)?;
        }
    }

    #[test]
    fn records_of_one_list_take_three_bytes() {
        let record = |number: u32| Record {
            offset: u64::from(number) * 1250,
            len: 1246,
            number,
        };
        let records: Vec<Record> = (0..10_000).map(record).collect();
        let Records::Many(many) = filled(&records) else {
            panic!("they are many");
        };
        let steps = many.steps.len();
        let full = many.full.len() * size_of::<Record>() + many.starts.len() * size_of::<usize>();
        assert!(steps + full < 30_000, "{steps} {full}");
    }
}
