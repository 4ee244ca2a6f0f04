//! Names that pass an application off as one of Microsoft's.

use std::sync::LazyLock;

use super::confusables::wide;
use super::shape::{as_seen, pairs, pairs_at_most, shape};
use crate::catalog::resources::application_name;
use crate::model::{Application, Guid, ServicePrincipal};
use crate::rules::{Context, Out, Severity, Wording, declare_rule};
use crate::tenant::{Depends, guid};

declare_rule! {
    /// The application's name imitates a Microsoft product.
    ///
    /// **Why it matters.** A consent prompt shows little more than the name. Who reads
    /// "Microsoft Teams" there consents, and consent phishing lives by it.
    ///
    /// **What is checked.** A display name that reads as a Microsoft product only because of
    /// look-alike letters (Cyrillic, Greek, styled, a zero for an o), invisible or bidirectional
    /// characters; or one that is, as a whole, the name of a Microsoft application. Names that
    /// merely mention a product ("Contoso SharePoint sync") are fine, and so are applications
    /// with a publisher domain of Microsoft's. Of service principals only those are judged whose
    /// application is registered in a tenant that is known and not Microsoft's, and is not in the
    /// input itself.
    ///
    /// **Fix.** Name the application after its own purpose and organisation. If nobody knows it,
    /// disable it and review who consented.
    pub static MICROSOFT_IMPERSONATION = {
        id: "microsoft-impersonation",
        group: Hygiene,
        severity: Warning,
        persona: Regular,
        needs: [Application | ServicePrincipal],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/defender-cloud-apps/investigate-anomaly-alerts",
            "https://www.unicode.org/reports/tr39/",
        ],
        peers: ["M365-Assess ENTAPP-020", "App Governance misleading app name"],
        check: Application(microsoft_impersonation) | Principal(by_principal),
    }
}

/// Names that nobody spells with look-alikes by accident. The short ones count as whole words
/// only.
const PRODUCTS: [&str; 16] = [
    "Azure",
    "Entra",
    "Exchange Online",
    "Intune",
    "Microsoft",
    "Office 365",
    "Office365",
    "OneDrive",
    "OneNote",
    "Outlook",
    "Power BI",
    "SharePoint",
    "Skype",
    "Windows",
    "Xbox",
    "Yammer",
];

/// Names of Microsoft's own applications that no tutorial tells anyone to use.
const APPLICATIONS: [&str; 31] = [
    "Azure Active Directory",
    "Azure Active Directory PowerShell",
    "Azure Portal",
    "Microsoft",
    "Microsoft 365",
    "Microsoft Account",
    "Microsoft App Access Panel",
    "Microsoft Authentication Broker",
    "Microsoft Authenticator",
    "Microsoft Azure",
    "Microsoft Azure CLI",
    "Microsoft Azure PowerShell",
    "Microsoft Azure Portal",
    "Microsoft Defender",
    "Microsoft Entra",
    "Microsoft Entra ID",
    "Microsoft Exchange",
    "Microsoft Graph",
    "Microsoft Graph Command Line Tools",
    "Microsoft Graph PowerShell",
    "Microsoft Intune",
    "Microsoft Office",
    "Microsoft Office 365",
    "Microsoft OneDrive",
    "Microsoft Outlook",
    "Microsoft SharePoint",
    "Microsoft Teams",
    "Office 365",
    "Office 365 Exchange Online",
    "Office 365 SharePoint Online",
    "Windows Azure Active Directory",
];

/// What a name passes itself off as.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
enum Imitation {
    /// The product shows only to a reader.
    Disguised(&'static str),
    /// The name is one of Microsoft's.
    Same(&'static str),
}

/// The shapes of the names above, made when the first name is looked at.
struct Shapes {
    products: Vec<Known>,
    applications: Vec<Known>,
}

/// A name of Microsoft's and what readers see of it.
struct Known {
    shape: Vec<u8>,
    pairs: u64,
    name: &'static str,
}

static SHAPES: LazyLock<Shapes> = LazyLock::new(|| {
    let with_shape = |name: &'static str| {
        let shape = shape(name);
        Known {
            pairs: pairs(&shape),
            shape,
            name,
        }
    };
    Shapes {
        products: PRODUCTS.into_iter().map(with_shape).collect(),
        applications: APPLICATIONS.into_iter().map(with_shape).collect(),
    }
});

/// What `name` imitates.
fn imitation(name: &str) -> Option<Imitation> {
    let Shapes {
        products,
        applications,
    } = &*SHAPES;
    let pairs = pairs_at_most(name);
    // Every application is called after a product.
    if products.iter().all(|known| known.pairs & !pairs != 0) {
        return None;
    }
    let shape = shape(name);
    let seen = products
        .iter()
        .filter(|known| mentions(&shape, &known.shape));
    for known in seen {
        if !mentions(
            as_written(name).as_bytes(),
            known.name.to_lowercase().as_bytes(),
        ) {
            return Some(Imitation::Disguised(known.name));
        }
    }
    applications
        .iter()
        .find(|known| known.shape == shape)
        .map(|known| Imitation::Same(known.name))
}

/// The name in lower case as its author typed it. Fullwidth letters are no disguise where the
/// whole name is typed so.
fn as_written(name: &str) -> String {
    let east_asian = !name.contains(|c: char| c.is_ascii_alphabetic())
        || name.contains(|c: char| matches!(c, '\u{3040}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}'));
    name.chars()
        .map(|c| if east_asian { wide(c).unwrap_or(c) } else { c })
        .collect::<String>()
        .to_lowercase()
}

/// Whether `text` mentions `product`; a short one only as a word of its own.
fn mentions(text: &[u8], product: &[u8]) -> bool {
    let word = product.len() < 7;
    let letter = |at: Option<&u8>| at.is_some_and(|b| b.is_ascii_alphanumeric() || !b.is_ascii());
    let Some((first, starts)) = product.first().zip(
        text.len()
            .checked_sub(product.len())
            .map(|last| &text[..=last]),
    ) else {
        return false;
    };
    memchr::memchr_iter(*first, starts).any(|start| {
        let end = start + product.len();
        text[start..end] == *product
            && !(word
                && (letter(start.checked_sub(1).and_then(|at| text.get(at)))
                    || letter(text.get(end))))
    })
}

fn microsoft_impersonation(app: &Application<'_>, _: &Context<'_>, out: &mut Out<'_>) {
    let Some(name) = app.display_name.spanned() else {
        return;
    };
    let Some(imitation) = imitation(name) else {
        return;
    };
    if name.is_placeholder() || is_microsofts(app) {
        return;
    }
    out.report(Severity::Warning, name.span, |say| {
        word(say, name, imitation);
        say.help(
            "name the application after its own purpose and organisation, or find out who made it",
        )
        .command(format!(
            "az ad app update --id {} --display-name '<name>'",
            app.cli_id()
        ));
    });
}

fn word(say: &mut Wording, name: &str, imitation: Imitation) {
    let (message, product) = match imitation {
        Imitation::Disguised(product) => (
            format!("the display name imitates {product} with look-alike or invisible characters"),
            product,
        ),
        Imitation::Same(product) => (
            format!("the display name is that of Microsoft's own application {product}"),
            product,
        ),
    };
    say.message(message)
        .label("imitates Microsoft")
        .fact("imitates", product)
        .fact("readsAs", as_seen(name).collect::<String>())
        .key(product);
}

fn by_principal(principal: &ServicePrincipal<'_>, cx: &Context<'_>, out: &mut Out<'_>) {
    let Some(name) = principal
        .display_name
        .spanned()
        .filter(|n| !n.is_placeholder())
    else {
        return;
    };
    let owner = guid(&principal.owner_tenant);
    if owner == Guid::NIL
        || crate::rules::principal::is_microsofts(principal)
        || principal.is_managed_identity()
        || principal
            .app_guid()
            .is_some_and(|id| application_name(id).is_some())
    {
        return;
    }
    let Some(imitation) = imitation(name) else {
        return;
    };
    out.depends_on(Depends::HALF);
    if cx.beside.is_some() {
        // The application itself is told of, or is known to be somebody's who may.
        return;
    }
    out.report(Severity::Warning, name.span, |say| {
        word(say, name, imitation);
        say.help("find out who made it and who consented; disable it if nobody knows it")
            .command(format!(
                "az ad sp update --id {} --set accountEnabled=false",
                principal.cli_id()
            ));
        if let Some(owner) = principal.owner_tenant.span() {
            say.also(owner, "not a tenant of Microsoft's");
        }
    });
}

/// The application is Microsoft's: by its publisher's domain, or because its id is known.
fn is_microsofts(app: &Application<'_>) -> bool {
    let domain = app
        .publisher_domain
        .value()
        .map_or("", |domain| domain.trim());
    let of = |owner: &str| {
        domain.len() >= owner.len()
            && domain
                .get(domain.len() - owner.len()..)
                .is_some_and(|end| end.eq_ignore_ascii_case(owner))
            && (domain.len() == owner.len()
                || domain.as_bytes()[domain.len() - owner.len() - 1] == b'.')
    };
    of("microsoft.com")
        || of("microsoft.onmicrosoft.com")
        || app
            .app_guid()
            .is_some_and(|id| application_name(id).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn disguises() {
        for (name, product) in [
            ("Мicrosoft Support", "Microsoft"),
            ("Micr0soft Teams", "Microsoft"),
            ("rnicrosoft login", "Microsoft"),
            ("Micro\u{200b}soft Login", "Microsoft"),
            ("\u{202e}tfosorciM", "Microsoft"),
            ("𝐌𝐢𝐜𝐫𝐨𝐬𝐨𝐟𝐭 365", "Microsoft"),
            ("Ｍicrosoft Support", "Microsoft"),
            ("0utlook Web", "Outlook"),
            ("Оffice 365 update", "Office 365"),
            ("Αzure sign-in", "Azure"),
        ] {
            assert_eq!(
                imitation(name),
                Some(Imitation::Disguised(product)),
                "{name}"
            );
        }
        let both = "Microsoft 0utlook";
        assert_eq!(imitation(both), Some(Imitation::Disguised("Outlook")));
    }

    #[test]
    fn every_application_is_called_after_a_product() {
        for application in &SHAPES.applications {
            let mut products = SHAPES.products.iter();
            let named = products.any(|product| product.pairs & !application.pairs == 0);
            assert!(named, "{}", application.name);
        }
    }

    #[test]
    fn borrowed_names() {
        for name in [
            "Microsoft Teams",
            "microsoft  teams ",
            "AZURE PORTAL",
            "Ｏｆｆｉｃｅ　３６５",
        ] {
            assert!(
                matches!(imitation(name), Some(Imitation::Same(_))),
                "{name}"
            );
        }
    }

    #[test]
    fn honest_names() {
        for name in [
            "Contoso SharePoint sync",
            "Contoso SharePoint sync\u{200b}",
            "Azure Digital Twins Explorer",
            "GitHub Azure deploy",
            "Синхронизация SharePoint",
            "Выгрузка из Microsoft Teams",
            "Ｏｆｆｉｃｅ３６５連携",
            "Centrа portal",
            "Azuré Conseil",
            "Outlook",
            "Teams",
            "Graph Explorer",
            "Größe",
            "",
        ] {
            assert_eq!(imitation(name), None, "{name}");
        }
    }
}
