//! What the dates of credentials say on the evaluation date.

use super::{
    Application, Credential, Date, FederatedCredential, Field, Instant, List, ServicePrincipal,
};

/// A secret or a certificate.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum CredentialKind {
    Secret,
    Certificate,
}

use CredentialKind as Kind;

/// When a credential's life ends.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum End {
    At(Instant),
    /// A stand-in such as 9999-12-31, or a secret without an end.
    Never,
    /// Not shown, a placeholder, "not set", or a date that cannot be read.
    Unknown,
}

/// A credential's life, as far as its dates are known.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Life {
    pub start: Option<Instant>,
    pub end: End,
}

/// Where in its life a credential is.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum State {
    Unknown,
    /// It ends at or before its own start.
    Inverted,
    /// Its start lies ahead.
    Pending,
    Expired,
    Valid,
}

/// What calendar arithmetic adds to a limit in days: six months are 181 to 184 days, not 180.
const FORGIVEN: i64 = 4;

impl Life {
    /// Reads a credential's dates. A secret without an end never ends: the end is null, or left
    /// out beside a start. A certificate ends when it says itself, so a missing date is just not
    /// shown.
    pub fn of(kind: Kind, credential: &Credential<'_>) -> Life {
        let start = credential.start.value().and_then(|date| date.instant());
        let end = match &credential.end {
            Field::Value(end) => match end.value {
                Date::At(instant) => End::At(instant),
                Date::Never => End::Never,
                Date::Unset | Date::Unreadable => End::Unknown,
            },
            Field::Null(_) if kind == Kind::Secret => End::Never,
            Field::Absent if kind == Kind::Secret && start.is_some() => End::Never,
            _ => End::Unknown,
        };
        Life { start, end }
    }

    /// Where in its life the credential is at `now`. A start that is not known has passed.
    pub fn at(self, now: Instant) -> State {
        match (self.start, self.end) {
            (Some(start), End::At(end)) if end <= start => State::Inverted,
            (_, End::At(end)) if end <= now => State::Expired,
            (Some(start), _) if start > now => State::Pending,
            (_, End::Unknown) => State::Unknown,
            _ => State::Valid,
        }
    }

    /// Whether it lasts longer than so many days, or has no end. Calendar arithmetic is forgiven.
    pub fn is_longer_than(self, days: i64) -> bool {
        match (self.start, self.end) {
            (_, End::Never) => true,
            (Some(start), End::At(end)) => end > start.plus_days(days + FORGIVEN),
            _ => false,
        }
    }

    /// Whether the life goes on after `instant`.
    pub fn outlasts(self, instant: Instant) -> bool {
        match self.end {
            End::At(end) => end > instant,
            End::Never => true,
            End::Unknown => false,
        }
    }
}

/// What a credential is for.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Usage {
    /// `Verify`, and everything that does not say.
    SignIn,
    /// `Sign`: to sign SAML tokens with.
    Sign,
    /// `Encrypt`, and whatever else there may be.
    Other,
}

impl Usage {
    pub fn of(credential: &Credential<'_>) -> Usage {
        match credential.usage.value() {
            Some(usage) if usage.eq_ignore_ascii_case("Sign") => Usage::Sign,
            Some(usage) if !usage.eq_ignore_ascii_case("Verify") => Usage::Other,
            _ => Usage::SignIn,
        }
    }
}

/// Who holds credentials.
#[derive(Copy, Clone)]
pub enum Holder<'a, 'r> {
    Application(&'a Application<'r>),
    ServicePrincipal(&'a ServicePrincipal<'r>),
}

impl<'a, 'r> From<&'a Application<'r>> for Holder<'a, 'r> {
    fn from(app: &'a Application<'r>) -> Self {
        Holder::Application(app)
    }
}

impl<'a, 'r> From<&'a ServicePrincipal<'r>> for Holder<'a, 'r> {
    fn from(principal: &'a ServicePrincipal<'r>) -> Self {
        Holder::ServicePrincipal(principal)
    }
}

impl<'a, 'r> Holder<'a, 'r> {
    pub fn secrets(self) -> &'a List<Credential<'r>> {
        match self {
            Holder::Application(app) => &app.secrets,
            Holder::ServicePrincipal(principal) => &principal.secrets,
        }
    }

    pub fn certificates(self) -> &'a List<Credential<'r>> {
        match self {
            Holder::Application(app) => &app.certificates,
            Holder::ServicePrincipal(principal) => &principal.certificates,
        }
    }

    /// Federated credentials, when the export expanded them.
    pub fn federated(self) -> &'a List<FederatedCredential<'r>> {
        match self {
            Holder::Application(app) => &app.federated,
            Holder::ServicePrincipal(principal) => &principal.federated,
        }
    }
}

/// What an application or a service principal has, on one date, for one usage.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Secrets, certificates and federated credentials that are valid.
    pub valid: usize,
    /// Those whose start lies ahead.
    pub pending: usize,
    /// There is, or may be, one of which nothing can be told.
    pub unknown: bool,
}

impl Standing {
    /// Counts what the holder can sign in with. Federated credentials count where the export
    /// shows them.
    pub fn of<'a, 'r: 'a>(holder: impl Into<Holder<'a, 'r>>, now: Instant) -> Standing {
        let holder = holder.into();
        let mut standing = Standing::among(sign_in_credentials(holder), now);
        standing.valid += holder.federated().items.len();
        standing.unknown |=
            holder.secrets().state.is_unknown() || holder.certificates().state.is_unknown();
        standing
    }

    /// Counts what the holder has for `usage`.
    pub fn with<'a, 'r: 'a>(
        holder: impl Into<Holder<'a, 'r>>,
        usage: Usage,
        now: Instant,
    ) -> Standing {
        let holder = holder.into();
        if usage == Usage::SignIn {
            return Standing::of(holder, now);
        }
        let same = holder
            .certificates()
            .iter()
            .filter(|certificate| Usage::of(certificate) == usage)
            .map(|certificate| (Kind::Certificate, certificate));
        Standing::among(same, now)
    }

    fn among<'a, 'r: 'a>(
        credentials: impl Iterator<Item = (Kind, &'a Credential<'r>)>,
        now: Instant,
    ) -> Standing {
        let mut standing = Standing::default();
        for (kind, credential) in credentials {
            match Life::of(kind, credential).at(now) {
                State::Valid => standing.valid += 1,
                State::Pending => standing.pending += 1,
                State::Unknown => standing.unknown = true,
                State::Inverted | State::Expired => {}
            }
        }
        standing
    }
}

/// Whether a credential is one to sign in with. Certificates whose usage is `Sign` (SAML tokens)
/// or `Encrypt` are not.
pub fn signs_in(credential: &Credential<'_>) -> bool {
    Usage::of(credential) == Usage::SignIn
}

/// Everything in the holder's own lists that it can sign in with. A symmetric key is no
/// certificate, but its holder may sign in with it.
pub fn sign_in_credentials<'a, 'r: 'a>(
    holder: impl Into<Holder<'a, 'r>>,
) -> impl Iterator<Item = (Kind, &'a Credential<'r>)> {
    let holder = holder.into();
    signing_in(holder.secrets(), holder.certificates())
}

/// The same of two lists, whosever they are.
pub fn signing_in<'a, 'r: 'a>(
    secrets: &'a List<Credential<'r>>,
    certificates: &'a List<Credential<'r>>,
) -> impl Iterator<Item = (Kind, &'a Credential<'r>)> {
    let secrets = secrets.iter().map(|secret| (Kind::Secret, secret));
    let certificates = certificates
        .iter()
        .filter(|certificate| signs_in(certificate))
        .map(|certificate| (Kind::Certificate, certificate));
    secrets.chain(certificates)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Instant {
        Date::parse(text).instant().expect("a moment")
    }

    fn state(start: &str, end: End) -> State {
        let start = Date::parse(start).instant();
        Life { start, end }.at(day("2026-11-23"))
    }

    #[test]
    fn states_on_their_borders() {
        let end = |text| End::At(day(text));
        for (start, end, want) in [
            ("2026-05-27", end("2026-11-23"), State::Expired),
            ("2026-05-27", end("2026-11-23T00:00:01Z"), State::Valid),
            ("2026-11-23", End::Never, State::Valid),
            ("2026-11-23T00:00:01Z", End::Never, State::Pending),
            (
                "2026-11-23T00:00:01Z",
                End::At(day("2027-01-01")),
                State::Pending,
            ),
            ("2026-11-24", End::Unknown, State::Pending),
            ("2026-05-27", End::Unknown, State::Unknown),
            ("", End::Unknown, State::Unknown),
            ("", end("2026-11-24"), State::Valid),
            ("2026-05-27", end("2026-05-27"), State::Inverted),
            ("2027-05-27", end("2026-12-27"), State::Inverted),
        ] {
            assert_eq!(state(start, end), want, "{start} {end:?}");
        }
    }
}
