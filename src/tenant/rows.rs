//! What is kept of each object: ids and a few truths. No text but what joins compare.
//!
//! Rows are small because there may be a million of them; everything else about an object is read
//! again, from the record that [`At`] names, when a finding is printed.

mod azure;
mod consent;
mod directory;
mod registration;

use crate::model::{Guid, PermissionKind};

pub use azure::*;
pub use consent::*;
pub use directory::*;
pub use registration::*;

/// Where an object stands: which source, which of its indexed records, and where in the record.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct At {
    pub source: u32,
    /// Index into the source's indexed records.
    pub record: u32,
    /// Where the object begins in its record, in bytes.
    pub object: u32,
}

/// A piece of one of the tenant's long lists.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub struct Slice {
    pub start: u32,
    pub len: u32,
}

/// A permission that is asked for or granted: resource's app id, permission's id, kind; `None`
/// for a kind that is neither `Scope` nor `Role`.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Requested {
    pub resource: Guid,
    pub id: Guid,
    pub kind: Option<PermissionKind>,
}

/// Yes, no, or the export does not say.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Truth {
    No,
    Yes,
    #[default]
    Unknown,
}

impl Truth {
    pub fn is_yes(self) -> bool {
        self == Truth::Yes
    }

    pub fn is_no(self) -> bool {
        self == Truth::No
    }
}

impl From<bool> for Truth {
    fn from(value: bool) -> Truth {
        if value { Truth::Yes } else { Truth::No }
    }
}

/// What an object rule would judge otherwise if other documents were known.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub struct Depends(pub u8);

impl Depends {
    /// The application's federated identity credentials.
    pub const FEDERATED: Depends = Depends(1);
    /// What the service principal of a requested resource exposes.
    pub const EXPOSED: Depends = Depends(2);
    /// What is granted to the application's service principal.
    pub const GRANTED: Depends = Depends(4);
    /// The other half: an application's service principal, a service principal's application.
    pub const HALF: Depends = Depends(8);
    /// The tenant's app management policies.
    pub const POLICIES: Depends = Depends(16);

    pub fn has(self, other: Depends) -> bool {
        self.0 & other.0 != 0
    }

    pub fn add(&mut self, other: Depends) {
        self.0 |= other.0;
    }
}
