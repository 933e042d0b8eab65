// Package server is what the bot and its set-up know of a Mattermost server:
// how it is spoken to, what its refusals mean, and which of its settings
// change what people see.
package server

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/mattermost/mattermost/server/public/model"
)

// NewClient gives the library's client with one token.
func NewClient(address, token string, h *http.Client) *model.Client4 {
	api := model.NewAPIv4Client(strings.TrimRight(address, "/"))
	api.HTTPClient = h
	api.SetToken(token)
	return api
}

// CheckAddress refuses what is no http or https address. setting is its name.
func CheckAddress(setting, address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return fmt.Errorf("mattermost: %s must be an http or https address", setting)
	}
	return nil
}

// Transport keeps its connections: the answers of a busy morning must not
// each pay for a new one.
func Transport(ca *x509.CertPool) *http.Transport {
	t := http.DefaultTransport.(*http.Transport).Clone() //nolint:forcetypeassert // the standard library's own
	t.MaxIdleConnsPerHost = 32
	t.TLSClientConfig = &tls.Config{RootCAs: ca, MinVersion: tls.VersionTLS12}
	return t
}

// ClientConfig is what the server tells its clients of itself; "true" and
// "false" are words there.
type ClientConfig struct {
	SiteURL                    string // the address that people use
	ShowEmailAddress           string
	EnableSignUpWithEmail      string
	EnableSignInWithEmail      string
	EnableSignInWithUsername   string
	RequireEmailVerification   string
	EnableFileAttachments      string
	EnableLinkPreviews         string
	PostEditTimeLimit          string // seconds; -1: none
	RestrictDirectMessage      string // any or team
	EnablePostUsernameOverride string
	EnablePostIconOverride     string
	AsymmetricSigningPublicKey string // of what the server signs; PKIX in base64
}

// AskClientConfig asks for it. The library's own call lacks the format,
// without which the server answers 501.
func AskClientConfig(ctx context.Context, api *model.Client4) (ClientConfig, *model.Response, error) {
	r, err := api.DoAPIGet(ctx, "/config/client?format=old", "")
	if err != nil {
		return ClientConfig{}, model.BuildResponse(r), err
	}
	defer func() { _ = r.Body.Close() }()
	var c ClientConfig
	if err := json.NewDecoder(r.Body).Decode(&c); err != nil {
		return ClientConfig{}, model.BuildResponse(r), fmt.Errorf("read the client configuration: %w", err)
	}
	return c, model.BuildResponse(r), nil
}
