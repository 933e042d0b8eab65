package mattermosttest

import (
	"crypto/x509"
	"encoding/base64"
	"strconv"
	"strings"
)

// Settings are the switches of the server's administrator that the bot
// depends on, by the names that they have in the real server's ServiceSettings
// and, of addresses, PrivacySettings and EmailSettings.
type Settings struct {
	EnableCommands                      bool
	EnableBotAccountCreation            bool
	EnableUserAccessTokens              bool
	EnablePostUsernameOverride          bool
	EnablePostIconOverride              bool
	AllowedUntrustedInternalConnections string // hosts, addresses and networks, separated by spaces or commas
	PostEditTimeLimit                   int    // seconds; -1: none
	MaximumPayloadSizeBytes             int64
	ShowEmailAddress                    bool // to people and bots
	EnableSignUpWithEmail               bool
	EnableSignInWithEmail               bool
	EnableSignInWithUsername            bool
	RequireEmailVerification            bool
	DisableBotsWhenOwnerIsDeactivated   bool
	EnableFileAttachments               bool
	EnableLinkPreviews                  bool
	RestrictLinkPreviews                string // hosts, separated by commas
	RestrictDirectMessage               string // any or team
	CollapsedThreads                    string // always_on, default_on, default_off or disabled
	NoSiteURL                           bool   // the administrator never set it
	NoSigningKey                        bool   // what stands before the server leaves the key out of the client configuration
}

func defaultSettings() Settings {
	return Settings{
		EnableCommands: true, EnableBotAccountCreation: true, EnableUserAccessTokens: true, EnablePostUsernameOverride: true,
		AllowedUntrustedInternalConnections: "127.0.0.1 localhost", PostEditTimeLimit: -1, MaximumPayloadSizeBytes: 300000,
		ShowEmailAddress: true, EnableSignInWithEmail: true, EnableSignInWithUsername: true, DisableBotsWhenOwnerIsDeactivated: true,
		EnableFileAttachments: true, EnableLinkPreviews: true, RestrictDirectMessage: "any", CollapsedThreads: "always_on",
	}
}

// Set changes the settings.
func (s *Server) Set(change func(*Settings)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(&s.settings)
	s.client.CloseIdleConnections() // the real server calls the bot anew each time, and asks then whether it may
}

// getClientConfig is GET /config/client: what any client may know.
func (s *Server) getClientConfig(c *call) (any, *Failure) {
	if c.query("format") != "old" {
		return nil, fail(501, "api.config.client.old_format.app_error",
			"New format for the client configuration is not supported yet. Please specify format=old in the query string.")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	o := s.settings
	return map[string]string{
		"Version": Version, "BuildNumber": "dev", "BuildEnterpriseReady": "false", "SiteURL": s.siteURL(), "SiteName": "Mattermost",
		"DefaultClientLocale": "en", "EnableCommands": strconv.FormatBool(o.EnableCommands),
		"EnableBotAccountCreation": strconv.FormatBool(o.EnableBotAccountCreation), "EnableUserAccessTokens": strconv.FormatBool(o.EnableUserAccessTokens),
		"EnablePostUsernameOverride": strconv.FormatBool(o.EnablePostUsernameOverride), "EnablePostIconOverride": strconv.FormatBool(o.EnablePostIconOverride),
		"PostEditTimeLimit": strconv.Itoa(o.PostEditTimeLimit), "MaxPostSize": strconv.Itoa(maxMessage),
		"ShowEmailAddress": strconv.FormatBool(o.ShowEmailAddress), "EnableSignUpWithEmail": strconv.FormatBool(o.EnableSignUpWithEmail),
		"RequireEmailVerification": strconv.FormatBool(o.RequireEmailVerification), "EnableSignInWithEmail": strconv.FormatBool(o.EnableSignInWithEmail),
		"EnableSignInWithUsername": strconv.FormatBool(o.EnableSignInWithUsername), "EnableFileAttachments": strconv.FormatBool(o.EnableFileAttachments),
		"EnableLinkPreviews": strconv.FormatBool(o.EnableLinkPreviews), "RestrictDirectMessage": o.RestrictDirectMessage,
		"CollapsedThreads": o.CollapsedThreads, "AsymmetricSigningPublicKey": s.publicKey(),
	}, nil
}

// publicKey is the half of the signing key that clients are told: PKIX in
// base64.
func (s *Server) publicKey() string {
	if s.settings.NoSigningKey {
		return ""
	}
	der, err := x509.MarshalPKIXPublicKey(&s.key.PublicKey)
	if err != nil {
		s.o.Logger.Error("pretend Mattermost could not write its key", "err", err)
	}
	return base64.StdEncoding.EncodeToString(der)
}

// config is the part of the server's configuration that is played.
type config struct {
	ServiceSettings serviceSettings
	FileSettings    fileSettings
	TeamSettings    teamSettings
}

type fileSettings struct {
	EnableFileAttachments *bool `json:",omitempty"`
}

type teamSettings struct {
	RestrictDirectMessage *string `json:",omitempty"`
}

type serviceSettings struct {
	SiteURL                             *string `json:",omitempty"`
	EnableCommands                      *bool   `json:",omitempty"`
	EnableBotAccountCreation            *bool   `json:",omitempty"`
	EnableUserAccessTokens              *bool   `json:",omitempty"`
	EnablePostUsernameOverride          *bool   `json:",omitempty"`
	EnablePostIconOverride              *bool   `json:",omitempty"`
	AllowedUntrustedInternalConnections *string `json:",omitempty"`
	PostEditTimeLimit                   *int    `json:",omitempty"`
	MaximumPayloadSizeBytes             *int64  `json:",omitempty"`
	OutgoingIntegrationRequestsTimeout  *int64  `json:",omitempty"`
	DisableBotsWhenOwnerIsDeactivated   *bool   `json:",omitempty"`
	EnableLinkPreviews                  *bool   `json:",omitempty"`
	RestrictLinkPreviews                *string `json:",omitempty"`
	CollapsedThreads                    *string `json:",omitempty"`
}

func (s *Server) configuration() config {
	o, site, timeout := s.settings, s.siteURL(), int64(s.o.IntegrationTimeout.Seconds())
	service := serviceSettings{
		SiteURL: &site, EnableCommands: &o.EnableCommands, EnableBotAccountCreation: &o.EnableBotAccountCreation,
		EnableUserAccessTokens: &o.EnableUserAccessTokens, EnablePostUsernameOverride: &o.EnablePostUsernameOverride,
		EnablePostIconOverride:              &o.EnablePostIconOverride,
		AllowedUntrustedInternalConnections: &o.AllowedUntrustedInternalConnections, PostEditTimeLimit: &o.PostEditTimeLimit,
		MaximumPayloadSizeBytes: &o.MaximumPayloadSizeBytes, OutgoingIntegrationRequestsTimeout: &timeout,
		DisableBotsWhenOwnerIsDeactivated: &o.DisableBotsWhenOwnerIsDeactivated, EnableLinkPreviews: &o.EnableLinkPreviews,
		RestrictLinkPreviews: &o.RestrictLinkPreviews, CollapsedThreads: &o.CollapsedThreads,
	}
	return config{service, fileSettings{&o.EnableFileAttachments}, teamSettings{&o.RestrictDirectMessage}}
}

// getConfig is GET /config, for administrators.
func (s *Server) getConfig(c *call) (any, *Failure) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !c.user.admin {
		return nil, c.denied("sysconsole_read_about_edition_and_license")
	}
	return s.configuration(), nil
}

// patchConfig is PUT /config/patch, for administrators.
func (s *Server) patchConfig(c *call) (any, *Failure) {
	var in config
	if f := c.read("config", &in); f != nil {
		return nil, f
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if !c.user.admin {
		return nil, c.denied("manage_system")
	}
	o, n := &s.settings, in.ServiceSettings
	take(&o.EnableCommands, n.EnableCommands)
	take(&o.EnableBotAccountCreation, n.EnableBotAccountCreation)
	take(&o.EnableUserAccessTokens, n.EnableUserAccessTokens)
	take(&o.EnablePostUsernameOverride, n.EnablePostUsernameOverride)
	take(&o.EnablePostIconOverride, n.EnablePostIconOverride)
	take(&o.AllowedUntrustedInternalConnections, n.AllowedUntrustedInternalConnections)
	take(&o.PostEditTimeLimit, n.PostEditTimeLimit)
	take(&o.MaximumPayloadSizeBytes, n.MaximumPayloadSizeBytes)
	return s.configuration(), nil
}

// take sets what is given.
func take[T any](to *T, from *T) {
	if from != nil {
		*to = *from
	}
}

// splitHosts splits AllowedUntrustedInternalConnections.
func splitHosts(list string) []string {
	return strings.FieldsFunc(list, func(r rune) bool { return r == ' ' || r == ',' || r == '\t' || r == '\n' })
}
