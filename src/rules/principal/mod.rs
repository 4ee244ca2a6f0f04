//! Service principals: an application's account in a tenant, without which it cannot be given
//! anything there; and applications that are disabled or gone.

mod assignment;
mod disabled;
mod missing;
mod orphaned;

pub use assignment::{ASSIGNMENT_NOT_REQUIRED, ASSIGNMENT_REQUIRED_UNASSIGNED};
pub use disabled::{APPLICATION_DELETED, APPLICATION_DISABLED, SERVICE_PRINCIPAL_DISABLED};
pub use missing::SERVICE_PRINCIPAL_MISSING;
pub use orphaned::SERVICE_PRINCIPAL_ORPHANED;

use crate::catalog::is_microsofts_tenant;
use crate::model::ServicePrincipal;
use crate::tenant::guid;

/// Whether a service principal is one of Microsoft's own applications: what it is like is
/// Microsoft's doing.
pub(in crate::rules) fn is_microsofts(principal: &ServicePrincipal<'_>) -> bool {
    is_microsofts_tenant(guid(&principal.owner_tenant))
}
