use super::*;

fn masked(text: &str) -> String {
    redact(text).replace(MASK, "###")
}

#[test]
fn secrets_by_name() {
    for (text, want) in [
        (r#""secretText": "abc","#, r####""secretText": "###","####),
        (r#""secretText": null,"#, r#""secretText": null,"#),
        (
            r#"{"SecretText":"a\"b","x":"y"}"#,
            r####"{"SecretText":"###","x":"y"}"####,
        ),
        (r#""secretText" "abc","#, r####""secretText" "###","####),
        (r#""secretText": "unclosed"#, r####""secretText": "###"####),
        (
            r#""secretText": ["abc", "def"], "x": "y""#,
            r####""secretText": ["###", "###"], "x": "y""####,
        ),
        (
            r#""secretText": {"value": "abc", "n": 5}"#,
            r####""secretText": {"value": "###", "n": ###}"####,
        ),
        ("\"secretText\":\n  \"abc\"", "\"secretText\":\n  \"###\""),
        ("'password': 'abc',", "'password': '###',"),
        ("client secret: abc def", "client secret: ###"),
        ("client_secret = \"abc\"", "client_secret = \"###\""),
        (r#""password": 12345678}"#, r####""password": ###}"####),
        (r#""accessToken": "abc""#, r####""accessToken": "###""####),
        (
            r#""accessToken": [{"name": "sid"}]"#,
            r#""accessToken": [{"name": "sid"}]"#,
        ),
        (
            r#""s": "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=abc==;E=f""#,
            r####""s": "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=###""####,
        ),
        (
            r#""u": "https://a/b?sv=1&sig=abc%3D""#,
            r####""u": "https://a/b?sv=1&sig=###""####,
        ),
        (
            r#""body": "{\"clientSecret\":\"abc\"}""#,
            r####""body": "{\"clientSecret\":###""####,
        ),
        (r#""key": "MIIB8jCCAVugAwIBAgIQ""#, r####""key": "###""####),
        (r#""key": "env""#, r#""key": "env""#),
    ] {
        assert_eq!(masked(text), want, "{text}");
    }
}

#[test]
fn a_value_is_known_by_its_company() {
    for (text, secret) in [
        (
            r#"{"endDate": "2026-01-01", "keyId": "k", "value": "abc"}"#,
            true,
        ),
        (r#"{"value": "abc", "key_id": "k"}"#, true),
        (r#""passwordCredentials": [{"value": "abc"}]"#, true),
        (r#"{"name": "AZURE_CLIENT_SECRET", "value": "abc"}"#, true),
        (r#""clientSecret": {"value": "abc"}"#, true),
        // Cut off before its company comes into sight.
        (r#""value": "abc", "x": 1}"#, true),
        (r#"{"x": 1, "value": "abc""#, true),
        (r#"{"adminConsentDisplayName": "x", "value": "abc""#, false),
        (
            r#"{"isEnabled": true, "type": "Admin", "value": "abc"}"#,
            false,
        ),
        (r#"{"name": "sku", "value": "abc"}"#, false),
        (r#"{"value": [{"displayName": "abc"}]}"#, false),
    ] {
        assert_eq!(!redact(text).contains("abc"), secret, "{text}");
    }
}

#[test]
fn secrets_by_shape() {
    for text in [
        "abc8Q~abcdefghijklmnopqrstuvwxyzABCDEFGH",
        "eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJ4In0.c2ln",
        "-----BEGIN PRIVATE KEY-----\nabc\n-----END PRIVATE KEY-----",
        "hU7dE3kP9sQ2wX8vB4nM6tR1yL5gJ0aZ",
        "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=",
    ] {
        let line = format!("\"note\": \"{text}\"");
        assert_eq!(masked(&line), "\"note\": \"###\"", "{text}");
    }
    // Both ends out of sight.
    assert_eq!(masked("abc\n-----END PRIVATE KEY-----\nx"), "###\nx");
    assert_eq!(masked("x -----BEGIN RSA PRIVATE KEY-----\nabc"), "x ###");
}

#[test]
fn what_people_need_to_see_stays() {
    for text in [
        r#""appId": "0b07f429-9f4b-4714-9392-cc5e8e80c8b0""#,
        r#""appId": "0B07F429-9F4B-4714-9392-CC5E8E80C8B0""#,
        r#""identifierUris": ["api://Factory-0b07f429-9f4b-4714-9392-cc5e8e80c8b0"]"#,
        r#""scope": "/subscriptions/0b07f429-9f4b-4714-9392-cc5e8e80c8b0/resourceGroups/rg-Factory01-WestEurope/providers/Microsoft.DigitalTwins/digitalTwinsInstances/factory01""#,
        r#""redirectUris": ["https://twins.contoso.com/MicrosoftIdentityV2/Callback/OAuth2Signin01?tab=3"]"#,
        r#""customKeyIdentifier": "880319374ADE1FE26A417062B86933D1C7A64431""#,
        r#""endDateTime": "2026-10-13T00:00:00Z", "hint": "v0H", "keyId": "260e85f1-f3dd-4f29-a1d4-9bb5ed8459a7""#,
        r#""oauth2AllowIdTokenImplicitFlow": true, "requestedAccessTokenVersion": 2"#,
        r#""displayName": "our client's secret""#,
        r#""signInAudience": "AzureADandPersonalMicrosoftAccount""#,
        r#""name": "client-secret-rotation-2026", "type": "Scope""#,
        r#""id": "AVs6JuUDjkCFV7q2gd8QTPimBBgj5iBFj0C6GwwRxC0", "consentType": "AllPrincipals""#,
    ] {
        assert_eq!(redact(text), text);
    }
}

#[test]
fn a_text_cut_anywhere_hides_its_secret() {
    let text = r#"{"a":"b","passwordCredentials":[{"secretText":"CANARY-CANARY-CANARY","keyId":"k"}],"c":"d"}"#;
    let secret = text.find("CANARY").expect("it is there");
    for from in 0..secret + 14 {
        for to in from..text.len() {
            let part = &text[from..to];
            let left = floor(text, from);
            let start = if left == 0 {
                Start::File
            } else {
                Start::Unknown
            };
            let mut shown = part.to_owned();
            for range in find(part, start, true).into_iter().rev() {
                shown.replace_range(range, MASK);
            }
            assert!(!shown.contains("CANARY"), "{from}..{to}: {shown}");
        }
    }
}

#[test]
fn pointers() {
    for (pointer, want) in [
        ("/passwordCredentials/0/secretText", true),
        ("/value/3/passwordCredentials/0/value", true),
        ("/keyCredentials/0/key", true),
        ("/clientSecret", true),
        ("/accessToken", true),
        ("/optionalClaims/accessToken/0/name", false),
        ("/value/3/passwordCredentials/0/endDateTime", false),
        ("/value/3/api/oauth2PermissionScopes/0/value", false),
        ("", false),
    ] {
        assert_eq!(names_secret(pointer), want, "{pointer}");
    }
    assert!(is_name("\"secretText\""));
    assert!(!is_name("\"abc\""));
}

#[test]
fn a_line_break_ends_every_doubt() {
    let text = "r\":\"x\", \"filler\":\"y\", \n{\"secretText\" \"CANARY,";
    let shown = |text: &str| {
        let mut shown = text.to_owned();
        for range in find(text, Start::Unknown, true).into_iter().rev() {
            shown.replace_range(range, MASK);
        }
        shown
    };
    for from in 0..24 {
        let shown = shown(&text[from..]);
        assert!(!shown.contains("CANARY"), "{from}: {shown}");
    }
}
