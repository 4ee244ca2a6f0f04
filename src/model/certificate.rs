//! What a certificate inside an export says of itself: how it was signed, and how long its key is.
//!
//! Nothing is verified. What cannot be read, for it is damaged, cut off, or no certificate at all,
//! is unknown. This is the one file that knows X.509.

use std::fmt;

use x509_cert::Certificate as X509;
use x509_cert::der::asn1::{AnyRef, ObjectIdentifier, UintRef};
use x509_cert::der::{Decode, Reader, SliceReader};
use x509_cert::spki::AlgorithmIdentifierOwned;

use super::{Str, base64};

/// A certificate as the document carries it: base64 of its DER form, or PEM. Its text is shown
/// nowhere, for what stands there may as well be a private key.
#[derive(Clone, PartialEq, Eq)]
pub struct EncodedCertificate<'r>(Str<'r>);

impl<'r> EncodedCertificate<'r> {
    /// From the text of `key`.
    pub fn new(text: Str<'r>) -> EncodedCertificate<'r> {
        EncodedCertificate(text)
    }

    /// Reads the certificate; `None` when the text is none, or not one that RFC 5280 allows.
    pub fn read(&self) -> Option<Certificate> {
        if self.0.len() > LONGEST {
            return None;
        }
        let bytes = base64::decode(without_armour(&self.0)?)?;
        // Some tools encode the PEM file once more.
        match std::str::from_utf8(&bytes) {
            Ok(text) if text.trim_start().starts_with(BEGIN) => {
                Certificate::read(&base64::decode(without_armour(text)?)?)
            }
            _ => Certificate::read(&bytes),
        }
    }
}

/// Without the text.
impl fmt::Debug for EncodedCertificate<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EncodedCertificate(..)")
    }
}

/// A certificate is a few kilobytes long; nothing longer is looked at.
const LONGEST: usize = 64 << 10;

const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";

/// The base64 text of the first certificate in a PEM file (RFC 7468), or the text as it is.
/// `None` for a PEM file of anything else.
fn without_armour(text: &str) -> Option<&str> {
    let text = text.trim();
    if !text.starts_with("-----") {
        return Some(text);
    }
    let inner = text.strip_prefix(BEGIN)?;
    inner.get(..inner.find(END)?)
}

/// What the subject signs with.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum PublicKey {
    /// An RSA key, with the bits of its modulus.
    Rsa(usize),
    /// Another sort of key, of which nothing is said.
    Other,
}

/// The hash in a certificate's signature, as far as it is broken.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum WeakHash {
    Md2,
    Md4,
    Md5,
    Sha1,
}

impl WeakHash {
    /// The usual name: "SHA-1".
    pub fn name(self) -> &'static str {
        match self {
            WeakHash::Md2 => "MD2",
            WeakHash::Md4 => "MD4",
            WeakHash::Md5 => "MD5",
            WeakHash::Sha1 => "SHA-1",
        }
    }
}

/// What a certificate says of itself.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    pub key: PublicKey,
    /// The hash it was signed with, when it is a broken one.
    pub weak_hash: Option<WeakHash>,
    /// Its issuer is its subject: nobody else vouches for it.
    pub self_signed: bool,
}

impl Certificate {
    /// Reads a certificate in DER form.
    fn read(der: &[u8]) -> Option<Certificate> {
        let certificate = X509::from_der(der).ok()?;
        let tbs = certificate.tbs_certificate();
        let info = tbs.subject_public_key_info();
        let key = if info.algorithm.oid == RSA_ENCRYPTION {
            PublicKey::Rsa(modulus_bits(info.subject_public_key.raw_bytes())?)
        } else {
            PublicKey::Other
        };
        Some(Certificate {
            key,
            weak_hash: weak_hash(certificate.signature_algorithm()),
            self_signed: tbs.issuer() == tbs.subject(),
        })
    }
}

/// rsaEncryption (RFC 8017, appendix A.1).
const RSA_ENCRYPTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
/// id-RSASSA-PSS, whose parameters name the hash; SHA-1 where they do not (appendix A.2.3).
const RSASSA_PSS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.10");
/// The context-specific tag of the hash in those parameters.
const HASH_ALGORITHM: u8 = 0xA0;

/// Signatures with a broken hash: RSA (RFC 3279, section 2.2.1; the OIW's older name), DSA and
/// ECDSA with SHA-1 (2.2.2, 2.2.3).
const WEAK: [(ObjectIdentifier, WeakHash); 9] = [
    (oid("1.2.840.113549.1.1.2"), WeakHash::Md2),
    (oid("1.2.840.113549.1.1.3"), WeakHash::Md4),
    (oid("1.2.840.113549.1.1.4"), WeakHash::Md5),
    (oid("1.3.14.3.2.3"), WeakHash::Md5),
    (oid("1.2.840.113549.1.1.5"), WeakHash::Sha1),
    (oid("1.3.14.3.2.29"), WeakHash::Sha1),
    (oid("1.3.14.3.2.27"), WeakHash::Sha1),
    (oid("1.2.840.10040.4.3"), WeakHash::Sha1),
    (oid("1.2.840.10045.4.1"), WeakHash::Sha1),
];

const fn oid(text: &str) -> ObjectIdentifier {
    ObjectIdentifier::new_unwrap(text)
}

fn weak_hash(algorithm: &AlgorithmIdentifierOwned) -> Option<WeakHash> {
    if algorithm.oid == RSASSA_PSS {
        // Parameters that do not begin with a hash leave it at its default.
        let parameters = algorithm.parameters.as_ref()?;
        let named = parameters.value().first() == Some(&HASH_ALGORITHM);
        return (!named).then_some(WeakHash::Sha1);
    }
    WEAK.iter()
        .find(|(oid, _)| *oid == algorithm.oid)
        .map(|(_, hash)| *hash)
}

/// The bits of the modulus in an RSAPublicKey (RFC 8017, appendix A.1.1).
fn modulus_bits(der: &[u8]) -> Option<usize> {
    let key = AnyRef::from_der(der).ok()?;
    let mut reader = SliceReader::new(key.value()).ok()?;
    let modulus = UintRef::decode(&mut reader).ok()?;
    // A public exponent follows, and nothing else.
    UintRef::decode(&mut reader).ok()?;
    if !reader.is_finished() {
        return None;
    }
    let bytes = modulus.as_bytes();
    let first = bytes.first()?;
    Some(bytes.len() * 8 - first.leading_zeros() as usize)
}

#[cfg(test)]
mod tests;
