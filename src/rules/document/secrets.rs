//! Live secrets in files.

use crate::model::{Fault, FaultKind, SecretForm};
use crate::rules::{Context, Out, Severity, declare_rule};

declare_rule! {
    /// A live secret is in this file.
    ///
    /// **Why it matters.** Whoever reads the file can sign in as the application. A file in a
    /// repository has been read already: its history keeps the secret after the line is gone.
    ///
    /// **What is checked.** A `secretText` that is not null, a `value` in a legacy
    /// `passwordCredentials`, the output of `az ad app credential reset` and
    /// `az ad sp create-for-rbac`, a private key (PEM, PKCS#12), the `value` of a credential or a
    /// sensitive output in a Terraform plan or state, the default of a secure parameter in an ARM
    /// template. The value is never printed, in no format, at no verbosity. Values that were
    /// blanked out are left alone.
    ///
    /// **Fix.** Rotate the secret first, then remove it from the file and its history:
    /// `az ad app credential delete --id <app> --key-id <keyId>`.
    pub static SECRET_IN_FILE = {
        id: "secret-in-file",
        group: Document,
        severity: Error,
        persona: Regular,
        needs: [],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/entra/identity-platform/how-to-add-credentials",
            "https://learn.microsoft.com/cli/azure/ad/app/credential",
        ],
        check: Document(secret_in_file),
    }
}

fn secret_in_file(faults: &[Fault<'_>], context: &Context<'_>, out: &mut Out<'_>) {
    for fault in faults {
        let FaultKind::Secret(form) = fault.kind else {
            continue;
        };
        out.report(Severity::Error, fault.span, |say| {
            let what = match form {
                SecretForm::PasswordCredential => "a client secret",
                SecretForm::CliOutput => "a password that az printed once",
                SecretForm::PrivateKey => "a private key",
                SecretForm::Terraform => "a secret that Terraform keeps",
                SecretForm::SecureParameter => "the default of a secure parameter",
            };
            say.message(format!("{what} stands in this file in clear text"))
                .label("a live secret")
                .help(match form {
                    SecretForm::PrivateKey => {
                        "replace the certificate, then remove the key from the file and its history"
                    }
                    SecretForm::Terraform => {
                        "replace the credential (`terraform apply -replace=<address>`), and keep plans and states in an encrypted backend, out of repositories and artifacts"
                    }
                    SecretForm::SecureParameter => {
                        "change the secret, take the default out, and pass the value from a key vault"
                    }
                    _ => "delete the credential, make a new one into a vault, then remove this from the file and its history",
                })
                .key(fault.expected.to_lowercase());
            if matches!(
                form,
                SecretForm::PasswordCredential | SecretForm::CliOutput
            ) {
                let key = if fault.expected.is_empty() {
                    "<keyId>"
                } else {
                    &fault.expected
                };
                let id = match (&fault.name, context.application) {
                    (_, Some(_)) => context.cli_id(),
                    (app, None) if !app.is_empty() => app.to_string(),
                    _ => "<appId>".to_owned(),
                };
                say.command(format!(
                    "az ad app credential delete --id {id} --key-id {key}"
                ));
            }
        });
    }
}
