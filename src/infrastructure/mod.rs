//! Infrastructure as code: ARM templates (compiled Bicep among them), Terraform plans and states.
//!
//! A template says what an export will show once it is deployed. So each of its resources is
//! written down as the document that Microsoft Graph or Azure Resource Manager would answer with,
//! and is read, judged and joined like any other document: no rule knows where it came from. Every
//! written value remembers the bytes it comes from, so that a finding points into the template.
//!
//! What only the deployment knows stays unknown ([`Writer::unknown`]). Ids that do not exist yet
//! are stood in for ([`Lowering::stand_in`]): two resources that refer to each other are joined by
//! one GUID, which reports spell as the resource's address.

mod arm;
mod speech;
mod stand_in;
mod terraform;
mod writer;

use crate::json::{Tape, Value, read};
use crate::model::{ObjectKind, Span};

pub use speech::speak_all;
pub use stand_in::StandIns;
use writer::Places;
pub use writer::{Writer, is_unknown};

/// What a resource was written in: decides how help speaks.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Language {
    Arm,
    Bicep,
    Terraform,
}

/// A template, plan or state as the documents an export would hold.
pub struct Lowered {
    language: Language,
    text: String,
    tape: Tape,
    places: Places,
    resources: Vec<Resource>,
    /// Blocks that add to resources, and their addresses, by place.
    parts: Vec<(Span, String)>,
    stand_ins: StandIns,
    unsupported: Option<String>,
}

/// One resource: an object of an export to be.
#[derive(Debug)]
pub struct Resource {
    kind: ObjectKind,
    address: String,
    origin: Span,
    removed: bool,
    /// Its place among the elements of the written list.
    element: u32,
    /// Its place on the tape.
    node: u32,
}

/// A resource with the document that was written for it.
#[derive(Copy, Clone)]
pub struct Coded<'l> {
    lowered: &'l Lowered,
    resource: &'l Resource,
}

/// What is known of the file that a template, plan or state stands in.
#[derive(Copy, Clone, Debug, Default)]
pub struct File<'f> {
    /// Its name in reports.
    pub name: &'f str,
    /// The text of the parameters file beside a template.
    pub parameters: Option<&'f str>,
}

impl File<'_> {
    /// Tells stand-ins of one file from those of another: a number of the name, the same in every
    /// run (FNV-1a, 64 bits), for nobody gains by making two alike.
    fn number(&self) -> u64 {
        self.name.bytes().fold(0xCBF2_9CE4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
        })
    }
}

/// Takes apart a value that was recognised as a template, a plan or a state; `None` for other
/// kinds.
pub fn lower(kind: ObjectKind, value: Value<'_>, file: File<'_>) -> Option<Lowered> {
    // Nearly every object is none of these.
    if !kind.is_code() {
        return None;
    }
    let mut lowering = Lowering {
        language: Language::Terraform,
        writer: Writer::default(),
        resources: Vec::new(),
        parts: Vec::new(),
        stand_ins: StandIns::of(file.number()),
        unsupported: None,
    };
    match kind {
        ObjectKind::ArmTemplate => arm::template(value, file.parameters, &mut lowering),
        ObjectKind::TerraformPlan => terraform::plan(value, &mut lowering),
        ObjectKind::TerraformState => terraform::state(value, &mut lowering),
        _ => return None,
    }
    Some(lowering.finish())
}

/// A template, plan or state that is being written down as documents.
pub struct Lowering {
    language: Language,
    writer: Writer,
    resources: Vec<Resource>,
    parts: Vec<(Span, String)>,
    stand_ins: StandIns,
    unsupported: Option<String>,
}

impl Lowering {
    /// Says what the file is written in.
    pub fn written_in(&mut self, language: Language) {
        self.language = language;
    }

    /// Says why nothing, or not all, of the file is understood, to be told to whoever runs the
    /// tool: `a plan of format 2.0; this version reads 1.x`.
    pub fn cannot(&mut self, reason: impl Into<String>) {
        self.unsupported.get_or_insert(reason.into());
    }

    /// Writes one resource as an object of `kind`; `fill` writes its members. `origin` is the
    /// block it stands in, which no other resource shares.
    pub fn resource(
        &mut self,
        kind: ObjectKind,
        address: impl Into<String>,
        origin: Span,
        fill: impl FnOnce(&mut Writer),
    ) {
        self.add(kind, address.into(), origin, false, fill);
    }

    /// Writes one resource that is there now and will be gone: an export must not count it.
    pub fn removed(
        &mut self,
        kind: ObjectKind,
        address: impl Into<String>,
        origin: Span,
        fill: impl FnOnce(&mut Writer),
    ) {
        self.add(kind, address.into(), origin, true, fill);
    }

    /// Says that the block at `origin`, which has an address of its own, adds to a resource instead
    /// of being one: `azuread_application_password.twins`.
    pub fn part(&mut self, address: impl Into<String>, origin: Span) {
        self.parts.push((origin, address.into()));
    }

    /// The GUID that stands in for an id which does not exist yet. `spelling` tells which one:
    /// `azuread_application.twins.client_id`. The same spelling gives the same GUID, and reports
    /// show the spelling.
    pub fn stand_in(&mut self, spelling: &str) -> String {
        self.stand_ins.add(spelling)
    }

    fn add(
        &mut self,
        kind: ObjectKind,
        address: String,
        origin: Span,
        removed: bool,
        fill: impl FnOnce(&mut Writer),
    ) {
        let element = self.resources.len() as u32;
        self.writer.object(origin, fill);
        self.resources.push(Resource {
            kind,
            address,
            origin,
            removed,
            element,
            node: 0,
        });
    }

    fn finish(self) -> Lowered {
        let Lowering {
            language,
            writer,
            mut resources,
            mut parts,
            stand_ins,
            unsupported,
        } = self;
        let (text, places) = writer.finish();
        let mut tape = Tape::default();
        let whole = read::parse(&text, 0, &mut tape).is_ok();
        debug_assert!(whole, "what was written is no JSON: {text}");
        let nodes: Vec<u32> = if whole {
            tape.root(&text).elements().map(|e| e.index()).collect()
        } else {
            Vec::new()
        };
        resources.retain_mut(|resource| {
            let node = nodes.get(resource.element as usize);
            resource.node = node.copied().unwrap_or_default();
            node.is_some()
        });
        // The index of a tenant counts on the order of the document.
        resources.sort_by_key(|resource| resource.origin);
        parts.sort();
        Lowered {
            language,
            text,
            tape,
            places,
            resources,
            parts,
            stand_ins,
            unsupported,
        }
    }
}

impl Lowered {
    /// Its resources, in the order of the document.
    pub fn resources(&self) -> impl Iterator<Item = Coded<'_>> {
        self.resources.iter().map(|resource| Coded {
            lowered: self,
            resource,
        })
    }

    /// The resource whose block begins there.
    pub fn resource_at(&self, start: u32) -> Option<Coded<'_>> {
        let at = self
            .resources
            .partition_point(|resource| resource.origin.start < start);
        let resource = self.resources.get(at)?;
        (resource.origin.start == start).then_some(Coded {
            lowered: self,
            resource,
        })
    }

    /// The ids that do not exist yet, and how reports spell them.
    pub fn stand_ins(&self) -> &StandIns {
        &self.stand_ins
    }

    /// The list of documents as it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Why nothing, or not all, of it was understood.
    pub fn unsupported(&self) -> Option<&str> {
        self.unsupported.as_deref()
    }
}

impl<'l> Coded<'l> {
    /// The document that was written for it.
    pub fn value(&self) -> Value<'l> {
        self.lowered
            .tape
            .value(&self.lowered.text, self.resource.node)
    }

    /// What kind of object it will be.
    pub fn kind(&self) -> ObjectKind {
        self.resource.kind
    }

    /// What its author calls it: `module.m.azuread_application.twins`.
    pub fn address(&self) -> &'l str {
        &self.resource.address
    }

    /// It is there now and will be gone.
    pub fn is_removed(&self) -> bool {
        self.resource.removed
    }

    /// The block it stands in.
    pub fn block(&self) -> Span {
        self.resource.origin
    }

    /// The address and the block of what says the value at a place of the record: a value of its
    /// document may come from a block that only adds to it, or from another resource. Its own, if
    /// the place is in none.
    pub fn said_by(&self, origin: Span) -> (&'l str, Span) {
        let own = (self.address(), self.block());
        if own.1.contains(origin) {
            return own;
        }
        let (parts, resources) = (&self.lowered.parts, &self.lowered.resources);
        let part = parts.partition_point(|(span, _)| span.start <= origin.start);
        let other = resources.partition_point(|other| other.origin.start <= origin.start);
        let part = part.checked_sub(1).and_then(|at| parts.get(at));
        let other = other.checked_sub(1).and_then(|at| resources.get(at));
        part.map(|(span, address)| (address.as_str(), *span))
            .filter(|(_, span)| span.contains(origin))
            .or_else(|| other.map(|other| (other.address.as_str(), other.origin)))
            .filter(|(_, span)| span.contains(origin))
            .unwrap_or(own)
    }

    /// The text its places count in.
    pub fn text(&self) -> &'l str {
        &self.lowered.text
    }

    /// The bytes of the record that a place of its document comes from.
    pub fn origin(&self, span: Span) -> Span {
        match self.lowered.places.origin(span) {
            Span { start: 0, end: 0 } => self.resource.origin,
            origin => origin,
        }
    }
}
