//! Who may sign in.

use crate::model::{Application, Audience, Edit, NewValue};
use crate::rules::permission::reading::registration;
use crate::rules::{Context, Out, Severity, declare_rule};

declare_rule! {
    /// Accounts of other tenants may sign in to an application for Azure Digital Twins.
    ///
    /// **Why it matters.** An Azure Digital Twins instance accepts tokens of its own tenant alone;
    /// a token of any other gets "404 Sub-Domain not found". So a wider audience lets nobody more
    /// in: it exposes the registration to tenants that cannot use it, and their users run into
    /// AADSTS50020, AADSTS500208 or AADSTS90072.
    ///
    /// **What is checked.** `signInAudience` is one of the three wider values, or
    /// `availableToOtherTenants` of an Azure AD Graph export is true. A value that is none of the
    /// four is *audience-unknown-value*. A profile of one's own may allow a wider one.
    ///
    /// **Fix.** `az ad app update --id <app> --sign-in-audience AzureADMyOrg`. Clients that signed
    /// in through `/common` then have to name the tenant (AADSTS50194).
    ///
    /// **Options.** `[profiles]` for another API, with the widest `audience` that its clients may
    /// have.
    pub static ADT_AUDIENCE_NOT_SINGLE_TENANT = {
        id: "adt-audience-not-single-tenant",
        group: DigitalTwins,
        severity: Error,
        persona: Regular,
        needs: [Application],
        since: "0.1.0",
        options: ["profiles"],
        references: [
            "https://learn.microsoft.com/azure/digital-twins/how-to-create-app-registration",
            "https://learn.microsoft.com/azure/digital-twins/troubleshoot-error-404-digital-twins",
            "https://learn.microsoft.com/entra/identity-platform/supported-accounts-validation",
        ],
        peers: [
            "ScubaGear multi-tenant score",
            "Guerrilla EIDAPP-010",
            "M365-Assess ENTAPP-021",
            "M365-Assessment-Toolkit ENTRA-007",
        ],
        fix: "set signInAudience to AzureADMyOrg, or availableToOtherTenants to false",
        check: Application(audience_not_single_tenant),
    }
}

fn audience_not_single_tenant(app: &Application<'_>, cx: &Context<'_>, out: &mut Out<'_>) {
    let Some(profile) = cx.profile else {
        return;
    };
    let Some(audience) = app.audience().filter(|audience| !profile.admits(*audience)) else {
        return;
    };
    let by_audience = app.audience.value().is_some();
    let span = if by_audience {
        app.audience.span()
    } else {
        app.available_to_other_tenants.span()
    };
    let Some(span) = span else {
        return;
    };
    out.report(Severity::Error, span, |say| {
        let who = match audience {
            Audience::Personal => "personal Microsoft accounts",
            Audience::MultipleOrgsAndPersonal => {
                "accounts of other tenants and personal Microsoft accounts"
            }
            _ => "accounts of other tenants",
        };
        let property = if by_audience {
            format!("signInAudience {}", audience.key())
        } else {
            "availableToOtherTenants".to_owned()
        };
        let widest = profile.audience;
        let because = match widest {
            Audience::MyOrg => format!(
                "{} accepts tokens of its own tenant alone",
                profile.resource_name
            ),
            _ => format!(
                "the profile {} allows {} at the widest",
                profile.name,
                widest.key()
            ),
        };
        say.message(format!("{property} admits {who}, and {because}"))
            .label(match widest {
                Audience::MyOrg => "not single-tenant",
                _ => "wider than the profile allows",
            });
        say.help(if by_audience {
            format!("set signInAudience to {}", widest.key())
        } else {
            "set availableToOtherTenants to false".to_owned()
        })
        .fact("audience", audience.key());
        if by_audience {
            let value = NewValue::from(Audience::MyOrg.key());
            say.fix(
                "set signInAudience to AzureADMyOrg",
                [Edit::Replace { at: span, value }],
            );
        } else {
            let value = NewValue::Bool(false);
            say.fix(
                "set availableToOtherTenants to false",
                [Edit::Replace { at: span, value }],
            );
        }
        if let Some(id) = registration(cx) {
            say.command(format!(
                "az ad app update --id {id} --sign-in-audience {}",
                widest.key()
            ));
        }
    });
}
