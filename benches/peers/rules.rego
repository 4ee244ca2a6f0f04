# Five of entralint's rules, for one application or a list of them.
package applications

import rego.v1

all contains app if some app in input
all contains input if input.appId

now := "2026-06-01"

findings contains {"rule": "secret-expired", "appId": app.appId} if {
	some app in all
	some secret in app.passwordCredentials
	secret.endDateTime < now
}

findings contains {"rule": "certificate-expired", "appId": app.appId} if {
	some app in all
	some key in app.keyCredentials
	key.endDateTime < now
}

findings contains {"rule": "implicit-grant", "appId": app.appId} if {
	some app in all
	app.web.implicitGrantSettings.enableAccessTokenIssuance
}

findings contains {"rule": "redirect-insecure", "appId": app.appId} if {
	some app in all
	some uri in app.web.redirectUris
	startswith(uri, "http://")
	not startswith(uri, "http://localhost")
}

findings contains {"rule": "multi-tenant", "appId": app.appId} if {
	some app in all
	app.signInAudience != "AzureADMyOrg"
}
