package server

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/mattermost/mattermost/server/public/model"
)

// NoSiteURL is said of a server that does not know its address.
const NoSiteURL = "the server's address is not set, and without it every slash command is answered 400: System Console > Environment > Web Server > Site URL (ServiceSettings.SiteURL)"

// Conditions are the settings of a server that change what people see of the
// bot, from what an administrator or what every client is told.
type Conditions struct {
	SiteURL         string
	attachments     bool
	editLimit       string // seconds; -1: none
	previews        bool
	previewsBut     *string // hosts; nil: not told
	restrictDirect  string  // any or team
	names, pictures bool    // of slash commands' answers
}

// ConditionsOf reads an administrator's configuration.
func ConditionsOf(c *model.Config) Conditions {
	v := c.ServiceSettings
	out := Conditions{
		SiteURL: Text(v.SiteURL), attachments: c.FileSettings.EnableFileAttachments == nil || *c.FileSettings.EnableFileAttachments, editLimit: "-1",
		previews: IsTrue(v.EnableLinkPreviews), previewsBut: v.RestrictLinkPreviews, restrictDirect: Text(c.TeamSettings.RestrictDirectMessage),
		names: IsTrue(v.EnablePostUsernameOverride), pictures: IsTrue(v.EnablePostIconOverride),
	}
	if v.PostEditTimeLimit != nil {
		out.editLimit = strconv.Itoa(*v.PostEditTimeLimit)
	}
	return out
}

// Conditions reads what every client is told.
func (c ClientConfig) Conditions() Conditions {
	return Conditions{
		SiteURL: c.SiteURL, attachments: c.EnableFileAttachments != "false", editLimit: c.PostEditTimeLimit, previews: c.EnableLinkPreviews == "true",
		restrictDirect: c.RestrictDirectMessage, names: c.EnablePostUsernameOverride == "true", pictures: c.EnablePostIconOverride == "true",
	}
}

// WrongPath tells of an address that lacks the path under which the server
// lives: every other path is answered with a redirect.
func (c Conditions) WrongPath(address string) error {
	if c.SiteURL == "" {
		return nil
	}
	site, err := url.Parse(c.SiteURL)
	if err != nil {
		return fmt.Errorf("mattermost: the server's SiteURL is no address: %q", c.SiteURL)
	}
	given, err := url.Parse(address)
	if err != nil {
		return fmt.Errorf("mattermost: MATTERMOST_URL: %w", err)
	}
	if want := strings.TrimRight(site.Path, "/"); want != strings.TrimRight(given.Path, "/") {
		return fmt.Errorf("mattermost: the server lives under the path %q (its SiteURL is %s): MATTERMOST_URL must end with that path too", want+"/", c.SiteURL)
	}
	return nil
}

// Advice tells what would be nicer. sites are the hosts of the reset links.
func (c Conditions) Advice(sites []string) []string {
	var out []string
	say := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	if !c.names || !c.pictures {
		say("what a slash command answers in a channel bears its caller's name and picture; for the bot's own: System Console > Integrations > Integration Management > Enable integrations to override usernames, and > to override profile picture icons (ServiceSettings.EnablePostUsernameOverride, EnablePostIconOverride)")
	}
	if !c.attachments {
		say("files are switched off, so no step shows its picture: System Console > Site Configuration > File Sharing and Downloads > Allow File Sharing (FileSettings.EnableFileAttachments)")
	}
	if c.editLimit != "" && c.editLimit != "-1" {
		say("posts may be edited for %s s only, so later each step becomes a new post: System Console > Site Configuration > Posts > Post edit time limit (ServiceSettings.PostEditTimeLimit), or for the bot alone a role without that limit", c.editLimit)
	}
	if missing := c.openedBy(sites); len(missing) > 0 {
		say("the server itself opens links that are posted and keeps their addresses, a pasted reset link too: add %s under System Console > Site Configuration > Posts > Disable link previews from these domains (ServiceSettings.RestrictLinkPreviews)", strings.Join(missing, ","))
	}
	if c.restrictDirect == "team" {
		say("direct messages are allowed within a team only, so the bot reaches nobody outside its teams: System Console > Site Configuration > Users and Teams > Enable users to open Direct Message channels with (TeamSettings.RestrictDirectMessage)")
	}
	return out
}

// openedBy gives the hosts whose links the server may open.
func (c Conditions) openedBy(sites []string) []string {
	if !c.previews || c.previewsBut == nil {
		return nil
	}
	but := strings.FieldsFunc(*c.previewsBut, func(r rune) bool { return r == ',' || r == ' ' })
	var out []string
	for _, site := range sites {
		host, _, _ := strings.Cut(site, ":") // the setting takes names only
		if !slices.Contains(but, host) {
			out = append(out, host)
		}
	}
	return out
}

// Text is a setting, empty when it is not told.
func Text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// IsTrue tells whether a setting is told and on.
func IsTrue(b *bool) bool { return b != nil && *b }

// NamesOf lists teams.
func NamesOf(all []*model.Team) string {
	var names []string
	for _, t := range all {
		names = append(names, t.Name)
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}
