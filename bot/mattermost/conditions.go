package mattermost

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/mattermost/mattermost/server/public/model"
)

// noSiteURL is said of a server that does not know its address.
const noSiteURL = "the server's address is not set, and without it every slash command is answered 400: System Console > Environment > Web Server > Site URL (ServiceSettings.SiteURL)"

// conditions are the settings of a server that change what people see of the
// bot, from what an administrator or what every client is told.
type conditions struct {
	siteURL         string
	attachments     bool
	editLimit       string // seconds; -1: none
	previews        bool
	previewsBut     *string // hosts; nil: not told
	restrictDirect  string  // any or team
	names, pictures bool    // of slash commands' answers
}

// conditionsOf reads an administrator's configuration.
func conditionsOf(c *model.Config) conditions {
	v := c.ServiceSettings
	out := conditions{
		siteURL: text(v.SiteURL), attachments: c.FileSettings.EnableFileAttachments == nil || *c.FileSettings.EnableFileAttachments, editLimit: "-1",
		previews: isTrue(v.EnableLinkPreviews), previewsBut: v.RestrictLinkPreviews, restrictDirect: text(c.TeamSettings.RestrictDirectMessage),
		names: isTrue(v.EnablePostUsernameOverride), pictures: isTrue(v.EnablePostIconOverride),
	}
	if v.PostEditTimeLimit != nil {
		out.editLimit = strconv.Itoa(*v.PostEditTimeLimit)
	}
	return out
}

// conditions reads what every client is told.
func (c clientConfig) conditions() conditions {
	return conditions{
		siteURL: c.SiteURL, attachments: c.EnableFileAttachments != "false", editLimit: c.PostEditTimeLimit, previews: c.EnableLinkPreviews == "true",
		restrictDirect: c.RestrictDirectMessage, names: c.EnablePostUsernameOverride == "true", pictures: c.EnablePostIconOverride == "true",
	}
}

// wrongPath tells of an address that lacks the path under which the server
// lives: every other path is answered with a redirect.
func (c conditions) wrongPath(address string) error {
	if c.siteURL == "" {
		return nil
	}
	site, err := url.Parse(c.siteURL)
	if err != nil {
		return fmt.Errorf("mattermost: the server's SiteURL is no address: %q", c.siteURL)
	}
	given, err := url.Parse(address)
	if err != nil {
		return fmt.Errorf("mattermost: MATTERMOST_URL: %w", err)
	}
	if want := strings.TrimRight(site.Path, "/"); want != strings.TrimRight(given.Path, "/") {
		return fmt.Errorf("mattermost: the server lives under the path %q (its SiteURL is %s): MATTERMOST_URL must end with that path too", want+"/", c.siteURL)
	}
	return nil
}

// advice tells what would be nicer. sites are the hosts of the reset links.
func (c conditions) advice(sites []string) []string {
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
func (c conditions) openedBy(sites []string) []string {
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
