//! How records stand in a file, and files in a folder.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;

use super::Order;
use super::application::Application;
use super::assignment::Assignments;
use super::chance::World;
use super::json::{Json, hyphened};

/// What stands around and between the records of a file, and how a record is indented there.
pub struct Frame {
    pub head: &'static str,
    pub between: &'static str,
    pub tail: &'static str,
    pub step: usize,
    pub depth: usize,
}

impl Frame {
    pub const ARRAY: Frame = Frame::new("[\n  ", ",\n  ", "\n]\n", 2, 1);
    pub const PAGE: Frame = Frame::new(
        "{\n  \"@odata.context\": \"https://graph.microsoft.com/v1.0/$metadata#applications\",\n  \
         \"value\": [\n    ",
        ",\n    ",
        "\n  ]\n}\n",
        2,
        2,
    );

    pub const fn new(
        head: &'static str,
        between: &'static str,
        tail: &'static str,
        step: usize,
        depth: usize,
    ) -> Frame {
        Frame {
            head,
            between,
            tail,
            step,
            depth,
        }
    }

    pub fn applications(&self, world: &World, order: &Order) -> io::Result<()> {
        let mut numbers = 0..order.count;
        self.write(&order.out, |json| {
            numbers
                .next()
                .map(|number| Application::new(world, number).write(json))
        })
    }

    pub fn assignments(&self, world: &World, order: &Order) -> io::Result<()> {
        let mut rows = Assignments::new(world).take(order.count as usize);
        self.write(&order.out, |json| {
            rows.next().map(|row| row.write(json, true))
        })
    }

    /// Writes records for as long as `next` makes one.
    pub fn write(
        &self,
        path: &Path,
        mut next: impl FnMut(&mut Json) -> Option<()>,
    ) -> io::Result<()> {
        let mut file = BufWriter::with_capacity(1 << 20, File::create(path)?);
        let mut json = Json::new(self.step, self.depth);
        let mut lead = self.head;
        while next(&mut json).is_some() {
            file.write_all(lead.as_bytes())?;
            file.write_all(&json.text)?;
            json.text.clear();
            lead = self.between;
        }
        file.write_all(self.tail.as_bytes())?;
        file.flush()
    }
}

/// One file for each application. An old tree is not written over: what is left of it would mix in.
pub fn tree(world: &World, order: &Order) -> io::Result<()> {
    let root = order.out.join("Applications");
    if root.exists() {
        return Err(io::Error::other("the folder holds a tree already"));
    }
    for number in 0..order.count {
        let application = Application::new(world, number);
        let mut json = Json::new(if number % 2 == 0 { 2 } else { 4 }, 0);
        application.write(&mut json);
        json.text.push(b'\n');
        let id = hyphened(application.object_id);
        let folder = root.join(&id);
        fs::create_dir_all(&folder)?;
        fs::write(folder.join(id + ".json"), &json.text)?;
    }
    Ok(())
}
