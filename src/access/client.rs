//! The application's own side: its platforms and its credentials.

use super::Access;
use super::reason::{Gate, Proof, Reason, Why};
use crate::catalog::lacks_cors;
use crate::model::{Guid, ObjectKind, Part};
use crate::rules::Flow;
use crate::tenant::{ApplicationRow, PrincipalRow, Truth, mark};

/// Redirects that a browser sign-in of a desktop program uses; the port is ignored in matching.
const LOCALHOST: [&str; 2] = ["http://localhost", "http://localhost/"];

/// Whether a registration offers a flow at all: one that it does not offer is nobody's mistake.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Offered(pub bool);

impl Access<'_> {
    /// The `client` gate.
    pub(super) fn client(
        &self,
        app: &ApplicationRow,
        flow: Flow,
        out: &mut Vec<Reason>,
    ) -> Offered {
        let closed = |why, part| Reason::closed(Gate::Client, why, app.at, part);
        let unknown = |why, part| Reason::unknown(Gate::Client, why, app.at, part);
        if app.deleted {
            out.push(closed(Why::Deleted, Part::Deleted));
        }
        if app.disabled {
            out.push(closed(Why::Disabled, Part::Disabled));
        }
        let platforms = app.platforms;
        let decide = |truth: Truth, why, out: &mut Vec<Reason>| match truth {
            Truth::Yes => Offered(true),
            Truth::No => {
                out.push(closed(why, Part::AppId));
                Offered(false)
            }
            Truth::Unknown => {
                out.push(unknown(Why::ClientUntold, Part::AppId));
                Offered(true)
            }
        };
        match flow {
            Flow::Interactive if platforms.localhost.is_no() => {
                let redirects = self.tenant.redirects_of(app);
                let elsewhere = LOCALHOST
                    .iter()
                    .map(|uri| mark(uri))
                    .find(|wanted| redirects.binary_search(wanted).is_ok());
                if let Some(elsewhere) = elsewhere {
                    out.push(closed(Why::LocalhostElsewhere, Part::Redirect(elsewhere)));
                    Offered(true)
                } else if platforms.public.is_no() {
                    decide(Truth::No, Why::NoPublicRedirect, out)
                } else {
                    out.push(closed(Why::LocalhostUnmatched, Part::AppId));
                    Offered(true)
                }
            }
            Flow::Interactive => decide(platforms.localhost, Why::NoPublicRedirect, out),
            Flow::DeviceCode => decide(app.public_client_flow, Why::PublicFlowOff, out),
            Flow::Web => decide(platforms.web, Why::NoWebRedirect, out),
            Flow::Spa => {
                let offered = decide(platforms.spa, Why::NoSpaRedirect, out);
                if platforms.spa.is_yes() && lacks_cors(self.profile.resource) {
                    out.push(unknown(Why::NeedsProxy, Part::AppId));
                }
                offered
            }
            Flow::OnBehalfOf => match app.exposes_api {
                // Few applications expose an API, so one whose document does not tell offers none.
                Truth::Unknown => {
                    out.push(unknown(Why::ClientUntold, Part::AppId));
                    Offered(false)
                }
                told => decide(told, Why::NoExposedApi, out),
            },
            _ => Offered(true),
        }
    }

    /// The `credential` gate.
    pub(super) fn credential(
        &self,
        app: &ApplicationRow,
        principal: Option<&PrincipalRow>,
        flow: Flow,
        out: &mut Vec<Reason>,
    ) -> Offered {
        let proof = match flow {
            Flow::Web | Flow::OnBehalfOf => Proof::Any,
            Flow::AppOnlySecret => Proof::Secret,
            Flow::AppOnlyCertificate => Proof::Certificate,
            Flow::AppOnlyFederated => Proof::Federated,
            _ => return Offered(true),
        };
        let held = self.holds(app, principal, proof);
        if held.valid.is_yes() {
            return Offered(true);
        }
        let nil = Guid::NIL;
        let (why, part) = match (held.valid, proof) {
            (Truth::Unknown, Proof::Federated) => {
                (Why::Needs(ObjectKind::FederatedCredential), Part::AppId)
            }
            (Truth::Unknown, Proof::Any) if held.only_federated_unknown => {
                (Why::Needs(ObjectKind::FederatedCredential), Part::AppId)
            }
            (Truth::Unknown, _) => (Why::ProofUntold(proof), Part::Secret(nil)),
            (_, Proof::Federated) if held.any => (Why::FederatedMalformed, Part::AppId),
            (_, Proof::Certificate) if held.any => {
                (Why::ProofInvalid(proof), Part::Certificate(nil))
            }
            _ if held.any => (Why::ProofInvalid(proof), Part::Secret(nil)),
            _ => (Why::NoProof(proof), Part::AppId),
        };
        let closed = held.valid.is_no();
        out.push(Reason {
            closed,
            ..Reason::unknown(Gate::Credential, why, app.at, part)
        });
        // Federated credentials stand in exports of their own; without them nothing speaks for
        // the flow.
        Offered(held.any || !closed && why != Why::Needs(ObjectKind::FederatedCredential))
    }

    /// Whether an application holds a credential that is valid or may be, and so can act as itself.
    /// Federated credentials stand in exports of their own: one that was not seen is none.
    pub fn may_hold(&self, app: &ApplicationRow, principal: &PrincipalRow) -> bool {
        let valid = |proof| self.holds(app, Some(principal), proof).valid;
        !valid(Proof::Secret).is_no()
            || !valid(Proof::Certificate).is_no()
            || valid(Proof::Federated).is_yes()
    }

    /// What the application holds to prove who it is; a credential may also stand on its service
    /// principal.
    pub(super) fn holds(
        &self,
        app: &ApplicationRow,
        principal: Option<&PrincipalRow>,
        proof: Proof,
    ) -> Holds {
        let on = principal.map(|row| row.held).unwrap_or_default();
        let either = |app: Truth, principal: Truth| match (app, principal) {
            (Truth::Yes, _) | (_, Truth::Yes) => Truth::Yes,
            // What the list of a service principal does not show is on the application.
            (app, _) => app,
        };
        let secret = either(app.held.secret, on.secret);
        let certificate = either(app.held.certificate, on.certificate);
        let mut federated = self.tenant.federated_of(app).peekable();
        let any_federated = federated.peek().is_some() || app.held.federated.is_yes();
        let federated = if federated.any(|row| row.well_formed) {
            Truth::Yes
        } else if any_federated || self.tenant.knows_federated(app) {
            Truth::No
        } else {
            Truth::Unknown
        };
        let any_secret = app.held.any_secret || on.any_secret;
        let any_certificate = app.held.any_certificate || on.any_certificate;
        let (valid, any) = match proof {
            Proof::Secret => (secret, any_secret),
            Proof::Certificate => (certificate, any_certificate),
            Proof::Federated => (federated, any_federated),
            Proof::Any => {
                let all = [secret, certificate, federated];
                let valid = if all.contains(&Truth::Yes) {
                    Truth::Yes
                } else if all.contains(&Truth::Unknown) {
                    Truth::Unknown
                } else {
                    Truth::No
                };
                (valid, any_secret || any_certificate || any_federated)
            }
        };
        Holds {
            valid,
            any,
            only_federated_unknown: secret.is_no() && certificate.is_no(),
        }
    }
}

/// What an application holds of one sort.
pub(super) struct Holds {
    /// One of them is valid at the evaluation date.
    pub valid: Truth,
    /// There is one, valid or not.
    pub any: bool,
    only_federated_unknown: bool,
}
