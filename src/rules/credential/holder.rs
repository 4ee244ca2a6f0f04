//! Whose credentials they are: an application's own, or those that stand on its service principal.

use super::Kind;
use crate::model::life::{Holder, Standing, Usage};
use crate::model::{Credential, Guid, ServicePrincipal};
use crate::rules::Context;
use crate::rules::principal::is_microsofts;
use crate::tenant::{Held, PrincipalKind, Truth};

impl<'a, 'r> Holder<'a, 'r> {
    /// The holder's credentials of this kind that rules about dates look at. The password of a
    /// service principal that signs SAML tokens belongs to its signing certificate, which stands
    /// there a second time to verify with: only the certificate that signs is looked at.
    pub(super) fn credentials(self, kind: Kind) -> impl Iterator<Item = &'a Credential<'r>> {
        let list = match kind {
            Kind::Secret => self.secrets(),
            Kind::Certificate => self.certificates(),
        };
        let saml = match self {
            Holder::ServicePrincipal(principal) => principal.signs_saml(),
            Holder::Application(_) => false,
        };
        list.iter().filter(move |credential| match kind {
            Kind::Secret => !saml,
            Kind::Certificate => {
                !super::is_symmetric(credential) && (!saml || Usage::of(credential) == Usage::Sign)
            }
        })
    }

    /// The command group that manages these credentials: `az ad app credential`.
    pub(super) fn command(self) -> &'static str {
        match self {
            Holder::Application(_) => "az ad app credential",
            Holder::ServicePrincipal(_) => "az ad sp credential",
        }
    }

    /// What its `--id` takes.
    pub(super) fn cli_id(self) -> String {
        match self {
            Holder::Application(app) => app.cli_id(),
            Holder::ServicePrincipal(principal) => principal.cli_id(),
        }
    }
}

/// A service principal whose credentials somebody chose: not a managed identity, whose certificate
/// the platform renews, and not one of Microsoft's own applications.
pub(super) fn chosen<'a, 'r>(principal: &'a ServicePrincipal<'r>) -> Option<Holder<'a, 'r>> {
    let kind = PrincipalKind::parse(principal.kind.value()?);
    let judged = !matches!(
        kind,
        PrincipalKind::ManagedIdentity | PrincipalKind::Unknown
    ) && !is_microsofts(principal);
    judged.then_some(Holder::ServicePrincipal(principal))
}

/// What the holder has for `usage`, with what other documents tell: federated credentials, and
/// the other half of the identity, since Entra takes an application's credentials and its service
/// principal's alike.
pub(in crate::rules) fn standing(
    holder: Holder<'_, '_>,
    usage: Usage,
    cx: &Context<'_>,
) -> Standing {
    let mut standing = Standing::with(holder, usage, cx.now());
    if usage != Usage::SignIn {
        return standing;
    }
    match (holder, cx.beside) {
        (Holder::Application(_), _) => {
            standing.valid += cx.federated_beside() + on_principals(cx);
        }
        (Holder::ServicePrincipal(_), None) => standing.unknown = true,
        (Holder::ServicePrincipal(_), Some(beside)) => {
            let tenant = beside.join.tenant;
            standing.valid += valid(&beside.row.held) + tenant.federated_of(beside.row).count();
            standing.unknown |=
                [beside.row.held.secret, beside.row.held.certificate].contains(&Truth::Unknown);
        }
    }
    standing
}

/// Valid credentials on the service principals of the application that is judged.
fn on_principals(cx: &Context<'_>) -> usize {
    let Some(beside) = cx.beside else { return 0 };
    beside
        .join
        .tenant
        .principals_of(beside.row.app_id)
        .filter(|principal| principal.id != Guid::NIL && !principal.saml)
        .map(|principal| valid(&principal.held))
        .sum()
}

fn valid(held: &Held) -> usize {
    usize::from(held.secret.is_yes()) + usize::from(held.certificate.is_yes())
}
