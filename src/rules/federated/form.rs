//! Federated credentials that Entra refuses, or that no token can match.

use super::{called, issuer, key, subject, update};
use crate::catalog::limits::{
    FEDERATED_FIELD_LENGTH, FEDERATED_NAME_LENGTH, FEDERATED_NAME_LENGTH_MIN,
};
use crate::model::{FederatedCredential, Field, Parts, Span, Str};
use crate::rules::out::code;
use crate::rules::{Context, Out, Severity, declare_rule};

declare_rule! {
    /// A federated credential has a form that Entra does not support, or that no token matches.
    ///
    /// **Why it matters.** Entra accepts most of these without a word. When the workload signs in
    /// no credential matches its token, and it gets AADSTS70021, 700211, 700212 or 700213.
    ///
    /// **What is checked.** Exactly one audience, and no misspelling of
    /// `api://AzureADTokenExchange` (for national clouds `…USGov`, `…China`); an audience of quite
    /// another form is left alone, since some issuers have their own. An `https` issuer without
    /// blanks. A subject or an expression, not both and not neither; no wildcard in a subject,
    /// for only expressions have them. A name of 3 to 120 letters, digits, hyphens and
    /// underscores, and texts of at most 600 characters.
    ///
    /// **Fix.** Correct it:
    /// `az ad app federated-credential update --id <app> --federated-credential-id <id> --parameters @credential.json`.
    /// The name cannot be changed; make a new credential for another one.
    pub static FEDERATED_INVALID = {
        id: "federated-invalid",
        group: Federated,
        severity: Error,
        persona: Regular,
        needs: [FederatedCredential | Application],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations",
            "https://learn.microsoft.com/graph/api/resources/federatedidentitycredential",
        ],
        check: Federated(invalid),
    }
}

/// The audience of the public cloud, then those of national ones.
const AUDIENCES: [&str; 5] = [
    "api://AzureADTokenExchange",
    "api://AzureADTokenExchangeUSGov",
    "api://AzureADTokenExchangeChina",
    "api://AzureADTokenExchangeUSNat",
    "api://AzureADTokenExchangeUSSec",
];

/// One thing that is wrong.
struct Flaw {
    /// Stands in the finding's key.
    id: &'static str,
    span: Span,
    message: String,
    label: &'static str,
    help: &'static str,
}

fn invalid(credential: &FederatedCredential<'_>, cx: &Context<'_>, out: &mut Out<'_>) {
    for flaw in flaws(credential) {
        out.report(Severity::Error, flaw.span, |say| {
            say.message(format!("{} {}", called(credential), flaw.message))
                .label(flaw.label)
                .help(flaw.help)
                .key(key(credential, flaw.id));
            if let Some(command) = update(credential, cx) {
                say.command(command);
            }
        });
    }
}

fn flaws(credential: &FederatedCredential<'_>) -> Vec<Flaw> {
    let mut found = Vec::new();
    audience(credential, &mut found);
    issuer_form(credential, &mut found);
    subject_form(credential, &mut found);
    name_form(credential, &mut found);
    lengths(credential, &mut found);
    found
}

fn audience(credential: &FederatedCredential<'_>, found: &mut Vec<Flaw>) {
    let Field::Value(list) = &credential.audiences.state else {
        return;
    };
    let help = "name one audience, `api://AzureADTokenExchange`";
    let [audience] = credential.audiences.items.as_slice() else {
        let count = credential.audiences.items.len();
        found.push(Flaw {
            id: "audiences",
            span: list.span,
            message: format!("has {count} audiences, and it must have exactly one"),
            label: "exactly one is allowed",
            help,
        });
        return;
    };
    // Letters alone: case, blanks, slashes and hyphens are what slips.
    let letters = |text: &str| -> String {
        let kept = text.chars().filter(|c| c.is_alphanumeric());
        kept.flat_map(char::to_lowercase).collect()
    };
    let exact = AUDIENCES.contains(&&***audience);
    let meant = AUDIENCES.iter().find(|known| {
        let (known, written) = (letters(known), letters(audience));
        known == written || crate::nearest::nearest(&written, [&*known]).is_some()
    });
    if let (false, false, Some(known)) = (exact, audience.is_placeholder(), meant) {
        found.push(Flaw {
            id: "audience",
            span: audience.span,
            message: format!("has the audience {}, not `{known}`", code(audience)),
            label: "compared letter by letter",
            help,
        });
    }
}

fn issuer_form(credential: &FederatedCredential<'_>, found: &mut Vec<Flaw>) {
    let Some(issuer) = issuer(credential) else {
        if written_empty(&credential.issuer) {
            found.extend(credential.issuer.span().map(|span| Flaw {
                id: "issuer",
                span,
                message: "has no issuer".to_owned(),
                label: "no issuer",
                help: "name the issuer of the tokens, as its `iss` claim has it",
            }));
        }
        return;
    };
    let blank = issuer.chars().any(char::is_whitespace);
    if !blank && Parts::of(issuer).has_scheme("https") {
        return;
    }
    let (what, label) = if blank {
        (
            "with blanks in it, which blocks every token",
            "holds a blank",
        )
    } else {
        ("which is no https URL", "not https")
    };
    found.push(Flaw {
        id: "issuer",
        span: issuer.span,
        message: format!("has the issuer {}, {what}", code(issuer)),
        label,
        help: "write the issuer as the `iss` claim of its tokens has it",
    });
}

fn subject_form(credential: &FederatedCredential<'_>, found: &mut Vec<Flaw>) {
    let expression = credential.expression.spanned();
    match (credential.subject.spanned(), expression) {
        (Some(subject), Some(_)) => found.push(Flaw {
            id: "subject and expression",
            span: subject.span,
            message: "has both a subject and an expression, and only one of them can match"
                .to_owned(),
            label: "beside an expression",
            help: "set the subject to null, or take the expression out",
        }),
        // Version 1.0 of Microsoft Graph shows null, and no expression, where there is one.
        (None, None) if written_empty(&credential.subject) => {
            found.extend(credential.subject.span().map(|span| Flaw {
                id: "subject",
                span,
                message: "has an empty subject, which no token has".to_owned(),
                label: "empty",
                help: "name the subject, as the `sub` claim of the tokens has it",
            }));
        }
        _ => {}
    }
    if let (Some(subject), None) = (subject(credential), expression)
        && subject.contains('*')
    {
        found.push(Flaw {
            id: "wildcard",
            span: subject.span,
            message: format!(
                "has the subject {}, and a wildcard in a subject matches nothing",
                code(subject)
            ),
            label: "compared letter by letter",
            help: "write one credential for each subject, or use `claimsMatchingExpression`",
        });
    }
}

fn name_form(credential: &FederatedCredential<'_>, found: &mut Vec<Flaw>) {
    let Some(name) = credential
        .name
        .spanned()
        .filter(|name| !name.is_uri_template())
    else {
        return;
    };
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let length = name.chars().count();
    if name.chars().all(fits)
        && name.starts_with(|c: char| c.is_ascii_alphanumeric())
        && (FEDERATED_NAME_LENGTH_MIN..=FEDERATED_NAME_LENGTH).contains(&length)
    {
        return;
    }
    found.push(Flaw {
        id: "name",
        span: name.span,
        message: "has a name that Entra does not allow".to_owned(),
        label: "not allowed as a name",
        help: "make it anew with a name of 3 to 120 letters, digits, hyphens and underscores, a letter or digit first",
    });
}

fn lengths(credential: &FederatedCredential<'_>, found: &mut Vec<Flaw>) {
    let texts = [
        &credential.issuer,
        &credential.subject,
        &credential.description,
    ]
    .into_iter()
    .filter_map(|field| field.spanned())
    .chain(credential.audiences.iter());
    for text in texts {
        let length = text.chars().count();
        if length > FEDERATED_FIELD_LENGTH {
            found.push(Flaw {
                id: "length",
                span: text.span,
                message: format!(
                    "has a text of {length} characters, and {FEDERATED_FIELD_LENGTH} are allowed"
                ),
                label: "too long",
                help: "shorten it to 600 characters",
            });
        }
    }
}

/// Whether the document says `""`, which is read like null but means something else here: two
/// quotation marks are shorter than `null`.
fn written_empty(field: &Field<Str<'_>>) -> bool {
    matches!(field, Field::Null(span) if span.end - span.start == 2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{List, Spanned};
    use std::borrow::Cow;

    fn text(text: &str) -> Spanned<Str<'_>> {
        Spanned::new(Cow::Borrowed(text), Span::default())
    }

    fn flaws_of(audiences: &[&'static str], subject: &'static str) -> Vec<&'static str> {
        let credential = FederatedCredential {
            issuer: Field::Value(text("https://token.actions.githubusercontent.com")),
            subject: Field::Value(text(subject)),
            audiences: List {
                state: Field::Value(Spanned::new((), Span::default())),
                items: audiences.iter().map(|a| text(a)).collect(),
            },
            ..FederatedCredential::default()
        };
        flaws(&credential).iter().map(|flaw| flaw.id).collect()
    }

    #[test]
    fn audiences() {
        let good = "repo:contoso/app:ref:refs/heads/main";
        for audience in AUDIENCES {
            assert!(flaws_of(&[audience], good).is_empty(), "{audience}");
        }
        // Bitbucket and others have audiences of their own.
        for own in [
            "ari:cloud:bitbucket::workspace/1",
            "https://contoso.com",
            "sts.amazonaws.com",
        ] {
            assert!(flaws_of(&[own], good).is_empty(), "{own}");
        }
        for wrong in [
            "api://azureadtokenexchange",
            "api://AzureADTokenExchange/",
            "api:/AzureADTokenExchange",
            "AzureADTokenExchange",
            "api://AzureADTokenExchnge",
        ] {
            assert_eq!(flaws_of(&[wrong], good), ["audience"], "{wrong}");
        }
        assert_eq!(flaws_of(&[], good), ["audiences"]);
        assert_eq!(flaws_of(&["a", "b"], good), ["audiences"]);
    }

    #[test]
    fn subjects() {
        let audience = &["api://AzureADTokenExchange"];
        assert_eq!(
            flaws_of(audience, "repo:contoso/*:pull_request"),
            ["wildcard"]
        );
        assert!(flaws_of(audience, "repo:<owner>/*:pull_request").is_empty());
    }
}
