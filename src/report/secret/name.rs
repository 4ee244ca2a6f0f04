//! Names that tell what a value is.

use std::borrow::Cow;

/// What a member's name says of its value.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Name {
    /// A secret, and so is everything inside.
    Secret,
    /// A token when it is a string; `optionalClaims.accessToken` is a list of claims.
    Token,
    /// A list of credentials: harmless but for the `value` of each.
    Credentials,
    /// `value`: depends on its company.
    Value,
    /// `key`: a certificate, perhaps with its private half.
    Key,
    /// Out of sight: may be any.
    Unseen,
    Other,
}

/// Endings of names, in lower case without `_`, `-` and blanks. All but those of [`TOKENS`].
const SECRETS: &[&str] = &[
    "secret",
    "secrets",
    "secrettext",
    "secretvalue",
    "secretkey",
    "password",
    "passwd",
    "passphrase",
    "passwordtext",
    "passwordvalue",
    "pwd",
    "connectionstring",
    "accountkey",
    "accesskey",
    "primarykey",
    "secondarykey",
    "apikey",
    "privatekey",
    "privatekeypem",
    "masterkey",
    "functionkey",
    "subscriptionkey",
    "storagekey",
    "signingkey",
    "saskey",
    "sastoken",
    "pfx",
    "pkcs12",
];

const TOKENS: &[&str] = &["token", "assertion", "authorization", "cookie", "bearer"];

/// Members that stand beside the `value` of a credential: Azure AD Graph's, az's and Terraform's.
const COMPANIONS: &[&str] = &[
    "keyid",
    "customkeyidentifier",
    "enddate",
    "enddatetime",
    "startdate",
    "startdatetime",
    "secrettext",
];

/// Members that stand beside the `value` of an exposed scope or app role.
const SCOPES: &[&str] = &[
    "adminconsentdescription",
    "adminconsentdisplayname",
    "userconsentdescription",
    "userconsentdisplayname",
    "allowedmembertypes",
    "isenabled",
];

pub fn classify(name: &str) -> Name {
    let Some(buffer) = normal(name) else {
        return Name::Other;
    };
    let plain = buffer.text();
    // `password2`, `secret_1`
    let stem = plain.trim_end_matches(|c: char| c.is_ascii_digit());
    // The letters that end a name decide at once about nearly all of them.
    let ends = |list: &[&str]| {
        list.iter()
            .any(|end| plain.ends_with(end) || stem.ends_with(end))
    };
    match plain {
        "value" => Name::Value,
        "key" => Name::Key,
        "passwordcredentials" | "passwords" => Name::Credentials,
        _ if ends(SECRETS) => Name::Secret,
        _ if ends(TOKENS) => Name::Token,
        _ => Name::Other,
    }
}

/// Whether a member of this name makes its neighbour `value` a secret.
pub fn is_companion(name: &str) -> bool {
    normal(name).is_some_and(|name| COMPANIONS.contains(&name.text()))
}

/// Whether a member of this name makes its neighbour `value` the name of a scope.
pub fn tells_scope(name: &str) -> bool {
    normal(name).is_some_and(|name| SCOPES.contains(&name.text()))
}

/// Eight, four, four, four and twelve hexadecimal digits.
pub fn is_guid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, b)| match at {
            8 | 13 | 18 | 23 => b == b'-',
            _ => b.is_ascii_hexdigit(),
        })
}

/// A name in lower case without separators, on the stack: this runs for every member in sight.
struct Normal {
    bytes: [u8; 64],
    length: usize,
}

impl Normal {
    fn text(&self) -> &str {
        // Only ASCII was put in.
        std::str::from_utf8(&self.bytes[..self.length]).unwrap_or("")
    }
}

/// `None` for what is no name: too long, or not of letters, digits and separators.
fn normal(name: &str) -> Option<Normal> {
    let name = unescape(name);
    if name.len() > 80 {
        return None;
    }
    let mut normal = Normal {
        bytes: [0; 64],
        length: 0,
    };
    for byte in name.bytes() {
        match byte {
            b'_' | b'-' | b' ' | b'.' | b'$' | b'@' => {}
            _ if byte.is_ascii_alphanumeric() => {
                *normal.bytes.get_mut(normal.length)? = byte.to_ascii_lowercase();
                normal.length += 1;
            }
            _ => return None,
        }
    }
    Some(normal)
}

/// Undoes `\u0074`, which JSON allows in names.
fn unescape(name: &str) -> Cow<'_, str> {
    if !name.contains("\\u") || name.len() > 400 {
        return Cow::Borrowed(name);
    }
    let mut out = String::with_capacity(name.len());
    let mut rest = name;
    while let Some(at) = rest.find("\\u") {
        out.push_str(&rest[..at]);
        let code = rest.get(at + 2..at + 6);
        match code.and_then(|code| char::from_u32(u32::from_str_radix(code, 16).ok()?)) {
            Some(c) => {
                out.push(c);
                rest = &rest[at + 6..];
            }
            None => {
                out.push_str("\\u");
                rest = &rest[at + 2..];
            }
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_secrets() {
        for name in [
            "secretText",
            "SecretText",
            "client_secret",
            "clientSecret",
            "AZURE_CLIENT_SECRET",
            "password",
            "adminPassword2",
            "AccountKey",
            "SharedAccessKey",
            "connectionString",
            "secret\\u0054ext",
        ] {
            assert_eq!(classify(name), Name::Secret, "{name}");
        }
        for name in ["access_token", "refreshToken", "Authorization"] {
            assert_eq!(classify(name), Name::Token, "{name}");
        }
        for name in [
            "keyId",
            "hint",
            "displayName",
            "endDateTime",
            "tokenEncryptionKeyId",
            "requestedAccessTokenVersion",
            "isFallbackPublicClient",
            "passwordCredentialConfigurations",
            "",
            "a name that goes on and on and on and on and on and on and on and on and on and on",
        ] {
            assert_eq!(classify(name), Name::Other, "{name}");
        }
    }
}
