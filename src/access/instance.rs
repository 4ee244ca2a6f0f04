//! Whether an instance is there and can be reached, whoever asks.

use super::Access;
use super::reach::Target;
use super::reason::{Gate, Reason, Why};
use crate::model::{ObjectKind, Part};
use crate::tenant::{At, InstanceRow, Truth};

/// What `provisioningState` says ("Digital Twins - Get", Azure REST API reference, 2023-01-31).
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum State {
    Ready,
    /// It passes by itself: being made, changed, moved.
    Passing,
    /// It stays until somebody acts, or the instance is going away.
    Failed,
    /// Not told, or a state that is not known.
    Untold,
}

/// The state of an instance.
pub fn state(row: &InstanceRow) -> State {
    let is = |names: &[&str]| {
        names
            .iter()
            .any(|name| row.state.eq_ignore_ascii_case(name))
    };
    if is(&["Succeeded"]) {
        State::Ready
    } else if is(&["Provisioning", "Updating", "Restoring", "Moving", "Warning"]) {
        State::Passing
    } else if is(&["Failed", "Canceled", "Deleting", "Deleted", "Suspending"]) {
        State::Failed
    } else {
        State::Untold
    }
}

/// Whether an instance can be reached over some network: not, when the public one is closed and no
/// private endpoint is approved. Where the document does not name it, public access is open.
pub fn is_reachable(row: &InstanceRow) -> Truth {
    match (row.private, row.endpoint) {
        (Truth::Yes, Truth::No) => Truth::No,
        (Truth::Yes, Truth::Unknown) => Truth::Unknown,
        _ => Truth::Yes,
    }
}

impl Access<'_> {
    /// The `instance` gate; `at` is the place to show for an instance that is not in the input.
    pub(super) fn instance(&self, target: &Target, at: At, out: &mut Vec<Reason>) {
        let gate = Gate::Instance;
        let Some(row) = target.instance(self.tenant) else {
            let complete = self.tenant.is_complete(ObjectKind::DigitalTwinsInstance)
                && self.reach.subscriptions.contains(&target.subscription);
            out.push(Reason {
                closed: complete,
                ..Reason::unknown(gate, Why::NotInInput, at, Part::AppId)
            });
            return;
        };
        match state(row) {
            State::Ready => {}
            State::Failed => out.push(Reason::closed(gate, Why::Failed, row.at, Part::State)),
            State::Passing => out.push(Reason::unknown(gate, Why::Passing, row.at, Part::State)),
            State::Untold => out.push(Reason::unknown(gate, Why::StateUntold, row.at, Part::State)),
        }
        if row.has_host.is_no() {
            out.push(Reason::closed(gate, Why::NoHost, row.at, Part::HostName));
        }
        match is_reachable(row) {
            Truth::Yes => {}
            Truth::No => out.push(Reason::closed(
                gate,
                Why::Unreachable,
                row.at,
                Part::Network,
            )),
            Truth::Unknown => {
                out.push(Reason::unknown(
                    gate,
                    Why::NetworkUntold,
                    row.at,
                    Part::Network,
                ));
            }
        }
    }
}
