//! Certificates made for these tests with OpenSSL; their keys were thrown away.

use super::*;

/// RSA 2048, SHA-256, issued by itself.
const SELF_SIGNED: &str = "\
MIIDCzCCAfOgAwIBAgICEmcwDQYJKoZIhvcNAQELBQAwHjEcMBoGA1UEAwwTcnNhMjA0OC5jb250b3NvLmNvbTAe\
Fw0yNjExMjMwOTI2NDFaFw0yNzEwMTkwOTI2NDFaMB4xHDAaBgNVBAMME3JzYTIwNDguY29udG9zby5jb20wggEi\
MA0GCSqGSIb3DQEBAQUAA4IBDwAwggEKAoIBAQDHP5CpQyZCPnRSxl2cISboNP9LKYyQT4bLG8QU2O3lAQNdGjpQ\
KlXqwyysUldKMbaUzMySoHXnFlUhZOMYptFPUXspUiCCOC6b6qqD94RidsTAsVhsIcL9au79wI9SKmnfuNzCgiAd\
hLMyDk90iocGxH4nEcKpyeTHN55O8jXdSlTWyNs9ASBzs1mUErJxJNhjvU6qVNhCmUJ8Ak1ew/Yn25SDRq3uOL8m\
mB4p57q2fK5m+/k0t6ri8apnYGO5d5M7SFICy5F4Chb7BShcxLOtwzX6sgTO55ubVhb25F0z+ExKxDiZ3N2JdAc1\
NzMC6gk7xPbVHne+rZ2uH4ei3jUfAgMBAAGjUzBRMB0GA1UdDgQWBBTZ3cXVIoblvE56ArcdiZtV7BrzSDAfBgNV\
HSMEGDAWgBTZ3cXVIoblvE56ArcdiZtV7BrzSDAPBgNVHRMBAf8EBTADAQH/MA0GCSqGSIb3DQEBCwUAA4IBAQDG\
1QJEOvXPJNGK9FKzcfKvGDu0aPMur7uN3sv6iEf798Mr3lpaVjJp4f1ZQXPrRjjLtmpuEZnmoOeTN0wt8LSOux56\
+/54B7Fg2Q5XVI6V21NhTXHd+GLicz8V+9tWNBccr1vEB29O2Ey/w5a8ptdetMm13kUaVOcAIApKU6H9Ja0uuseb\
ZgyNFFq73JhfkNdOiaSwHACY16j9CGd9tmPx3yDIJ9Vnw2J55jcm/LZJbKSpkUh4TXkny0Fvgcf94IHq/rgIuJAw\
VG+XTd7kQlZUO+JsQ4bFr2DgCURq0NRptQ4zBhtpbZEgII+7g4Q6hCsk9fVFXygtLw1ya1CVZVyW";

/// RSA 1024, signed by another with ECDSA and SHA-256.
const SHORT: &str = "\
MIIBZTCCAQoCAhJoMAoGCCqGSM49BAMCMBkxFzAVBgNVBAMMDmVjLmNvbnRvc28uY29tMB4XDTI2MTEyMzA5MjY0\
MloXDTI3MDkxOTA5MjY0MlowGzEZMBcGA1UEAwwQcmFjay5jb250b3NvLmNvbTCBnzANBgkqhkiG9w0BAQEFAAOB\
jQAwgYkCgYEArXF268eF4SjZXAahlf0BkEYZVBbbBQ6p1sC/2GUgdft6tNNkEHUBhWEniHvTmN1P4FD0vNWrdT1+\
d/A+FRvNS0dbckjgEa/o9rTWa3I7Jd4MLu4lLhQZ6cFU153zxgGn4fcVq4wP3ShiYMjUcutxKK4kGcjqZmvZ3hls\
QfEBAcsCAwEAATAKBggqhkjOPQQDAgNJADBGAiEAr+TfFI9OhSz0aJmGAMtw9QJG/3nzWTIeqwkKOL3ueisCIQCD\
cu+wMmycQRgsU/3tjUSgYTQANrgk/xsLFmNxrlOiow==";

/// P-256, signed by another with ECDSA and SHA-1.
const SHA1: &str = "\
MIIBGzCBwgICEmswCQYHKoZIzj0EATAZMRcwFQYDVQQDDA5lYy5jb250b3NvLmNvbTAeFw0yNjExMjMwOTI2NDJa\
Fw0yNzA5MTkwOTI2NDJaMBsxGTAXBgNVBAMMEHJhY2suY29udG9zby5jb20wWTATBgcqhkjOPQIBBggqhkjOPQMB\
BwNCAARCvjfRA5zymsyP3Acz+9XmDSZAF7zVcnbwqJ56Px4yzfh1J4SlhZlzC9ubndbpLtQ9SMlWmOrLwqL1WQLX\
NALNMAkGByqGSM49BAEDSQAwRgIhAI8Po3h6MszHX9E7hNXMAmhYhBWIxoqerKQXMh0KcGPMAiEAnLdtUugK9whj\
btOFDS0RFmN9VljQsLhuxuR0Zx/TVFo=";

/// RSA 2048, MD5, issued by itself.
const MD5: &str = "\
MIIDAzCCAeugAwIBAgICEmcwDQYJKoZIhvcNAQEEBQAwGjEYMBYGA1UEAwwPbWQ1LmNvbnRvc28uY29tMB4XDTI2\
MTEyMzA5MjY0MloXDTI3MTAxOTA5MjY0MlowGjEYMBYGA1UEAwwPbWQ1LmNvbnRvc28uY29tMIIBIjANBgkqhkiG\
9w0BAQEFAAOCAQ8AMIIBCgKCAQEAqpwy459F6GFpRCQ+Tw3tO2vwoBqbQ1/o4wbbTbKS+xMwmIRQxCIIbTYVKyQg\
C+jOV1c0xwnYG1+4G90AIpZ0C8jsbkKC3iz0X6hfA8qS8qdJt7F3EBkOf4Tm2Fa6sjkb4DVU7AtQnHULx5cmy9SP\
nk/KnalxinXxHgGMIRvsczXkzECGiaWGYA3U+qf8dvM0nbvaiMvTjje5f0uPkV4IAdfzYBLbMMfkLtxKpZVCu703\
gvOxvCpFzwWiDBWnmGzTOvDIFRePnQpjRWH9KZVd5fUaPO/rkkG1a6gmMUUhBqcZIRnRYljkYQz4KCFvk7IOIh43\
wXP2hoYW35cARQeiPwIDAQABo1MwUTAdBgNVHQ4EFgQUdZ/XAw+N9wRCVLVj5Re3HpauHh8wHwYDVR0jBBgwFoAU\
dZ/XAw+N9wRCVLVj5Re3HpauHh8wDwYDVR0TAQH/BAUwAwEB/zANBgkqhkiG9w0BAQQFAAOCAQEApQ8XmnvyHbfX\
fV/CKDxMZQMc1DYa3VFaVT7UL0aymOIxaWgT4plzdcniUYAVJWjYkn6e1vQIEyY/qAkwG66zklb057wfwRhs0wG0\
17KmES4WFHz3Lvtu8xT8lyg/MOEJyDZoJStOGXgeV381dWJZncVehNI5jQf92vruNQdPL9chXK2UyvXUgalBvmhv\
FDkAbF2fG9uRlZJF89Ngfs8pSGRN7weKbPu8HfcF8ahgRNPo/3RdRPz9gbtMBZV8G11loz/7O7yel0p8nfoR3VZp\
TfAJz7RBNvAx/1QLbocPlQo8BEhQ/pGBV5dIa9jOG/ajXcYbAo2YAM3nwWh8i8MhWA==";

/// RSA 2048, RSASSA-PSS with SHA-256, issued by itself.
const PSS: &str = "\
MIIDfzCCAjKgAwIBAgIUM94e3k3ttZwGHFpxgi3VA2wF9kwwQgYJKoZIhvcNAQEKMDWgDzANBglghkgBZQMEAgEF\
AKEcMBoGCSqGSIb3DQEBCDANBglghkgBZQMEAgEFAKIEAgIA3jAaMRgwFgYDVQQDDA9wc3MuY29udG9zby5jb20w\
HhcNMjYxMTIzMDkyNjEzWhcNMjcxMTIzMDkyNjEzWjAaMRgwFgYDVQQDDA9wc3MuY29udG9zby5jb20wggEiMA0G\
CSqGSIb3DQEBAQUAA4IBDwAwggEKAoIBAQCwpFC3K0nP0XOPrM+POETeuM27qUfJJfO1k4Q/p4BblLGVjnSZhOwI\
TkWxnwAmrSUeQjUd27f5nPo3BlnBiX3NqVX3HoR65qTkQaRZB35GBoJmS4vAPUAFFGnOm2nKd70aj9EoMIeglXRh\
tWo54vgns+kpuY+SvbXW01x1kDDZvc+rckvBJ4FGXqPbAH3hRX15nJWGu7X0UiNrH1T64qogB/KY6jUrzwh16kvz\
rW216g+YL50xAi3xxWm4Jy/lGjg2gvmDeXfWMYZtyfhkJq6SmZnzckS/FiehIzxC7f8/JyFY4CzXoeEWznY48H+F\
ajsiBEcO9lusGqC5AhLXV+R9AgMBAAGjUzBRMB0GA1UdDgQWBBQG8sIpIxMdjtd5h03ZQJ0/pt8U7DAfBgNVHSME\
GDAWgBQG8sIpIxMdjtd5h03ZQJ0/pt8U7DAPBgNVHRMBAf8EBTADAQH/MEIGCSqGSIb3DQEBCjA1oA8wDQYJYIZI\
AWUDBAIBBQChHDAaBgkqhkiG9w0BAQgwDQYJYIZIAWUDBAIBBQCiBAICAN4DggEBAApECg49Uxl60wPvKqXz+/SP\
VahkyhWOx4SQBCzy9yZLp2Fz6qM6aQClHKfvKTFa9bCkQ0EgvTp08LBnBEERyVMNOp17SK0IMkqLVhwtJNwthY2M\
8L7peUty/lyKAjXcsxaoYOv8wH2+lTdAEh7K/8/jy/PAbO7wgL47Y3lmpBzuC1yWoTUg7PDHcYjOoU4tL/GZdOgl\
A7VmaM4twmBLKMTCZfGeKMvdLecosXev39KM9rNyXI7l6irNorzzJZyoEbeJmcCpGIRxTXk9p184FU6hlDDCbh+F\
u+geKAXjl9dZ104hEOgDqvXHbk8q2B3h/rec1TESppLci7923vOe04k=";

fn read(text: &str) -> Option<Certificate> {
    EncodedCertificate::new(text.into()).read()
}

#[test]
fn keys_hashes_and_issuers_are_told() {
    for (text, key, weak_hash, self_signed) in [
        (SELF_SIGNED, PublicKey::Rsa(2048), None, true),
        (SHORT, PublicKey::Rsa(1024), None, false),
        (SHA1, PublicKey::Other, Some(WeakHash::Sha1), false),
        (MD5, PublicKey::Rsa(2048), Some(WeakHash::Md5), true),
        (PSS, PublicKey::Rsa(2048), None, true),
    ] {
        let want = Certificate {
            key,
            weak_hash,
            self_signed,
        };
        assert_eq!(read(text), Some(want), "{text}");
    }
}

#[test]
fn pem_is_read_too_and_base64_of_pem() {
    let pem = format!("{BEGIN}\r\n{SHORT}\r\n{END}\r\n");
    assert_eq!(read(&pem), read(SHORT));
    let padded = format!("{pem:0$}", pem.len().next_multiple_of(3));
    assert_eq!(read(&base64::encode_groups(padded.as_bytes())), read(SHORT));
    assert_eq!(read(&pem.replace("CERTIFICATE", "PRIVATE KEY")), None);
}

#[test]
fn garbage_is_unknown_and_never_a_panic() {
    for text in [
        "",
        "####",
        "null",
        "-----BEGIN CERTIFICATE-----",
        "MAA=",
        "MIID",
    ] {
        assert_eq!(read(text), None, "{text}");
    }
    let der = base64::decode(SHORT).expect("base64");
    for end in 0..der.len() {
        assert_eq!(Certificate::read(&der[..end]), None, "{end}");
    }
    // One byte changed: whatever comes out, nothing breaks.
    for at in 0..der.len() {
        for flip in [0x01, 0x80, 0xFF] {
            let mut der = der.clone();
            der[at] ^= flip;
            let _ = Certificate::read(&der);
        }
    }
    let long = "A".repeat(LONGEST + 1);
    assert_eq!(read(&long), None);
}

#[test]
fn the_text_shows_nowhere() {
    let shown = format!("{:?}", EncodedCertificate::new(SHORT.into()));
    assert_eq!(shown, "EncodedCertificate(..)");
}
