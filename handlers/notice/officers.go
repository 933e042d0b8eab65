package notice

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"resetpin/bot"
	"resetpin/handlers/resetlink"
	"resetpin/handlers/talk"
	"resetpin/store"
)

// audited is the deed by which the audit trail knows of disturbances.
const audited = "disturbance"

// inWords is what stands in the database of an announcement's words, by
// language.
type inWords map[string]string

// byLanguage sorts an announcement's words. What is more than there are
// languages is let be: the officer is shown what employees read.
func (h *Room) byLanguage(a announcement) inWords {
	own := make(inWords)
	for i, lang := range h.Texts.Languages() {
		if i < len(a.words) && a.words[i] != "" {
			own[lang] = a.words[i]
		}
	}
	return own
}

// officers answers /gangguan: what lasts, a new announcement, or the end of
// one.
func (h *Room) officers(ctx context.Context, r talk.Request) (bot.Reply, error) {
	word, rest := cut(r.Text)
	switch strings.ToLower(word) {
	case "on":
		return h.on(ctx, r, rest)
	case "off":
		return h.off(ctx, r, rest)
	}
	return h.list(ctx, r)
}

// list shows what lasts, and how one is announced.
func (h *Room) list(ctx context.Context, r talk.Request) (bot.Reply, error) {
	all, err := h.db.Disturbances(ctx)
	if err != nil {
		return bot.Reply{}, fmt.Errorf("read disturbances: %w", err)
	}
	var lines []string
	var buttons []bot.Button
	if len(all) == 0 {
		lines = append(lines, h.say("notice.none"))
	}
	for _, d := range all {
		lines = append(lines, h.shown(r, d))
		does, label := end, "notice.button.off"
		if d.Source == store.ByBot {
			does, label = hide, "notice.button.hide"
		}
		if !d.Hidden {
			buttons = append(buttons, bot.Button{Text: h.say(label) + ": " + h.system(d), Action: does.With(strconv.FormatInt(d.ID, 10))})
		}
	}
	lines = append(lines, h.say("notice.how", "command", h.TypedHere(r, command)))
	return talk.Reply(strings.Join(lines, "\n\n"), buttons...), nil
}

// shown is a disturbance as employees read it, in both languages, with what
// they are told of it.
func (h *Room) shown(r talk.Request, d store.Disturbance) string {
	told := h.say("notice.told")
	switch {
	case d.Hidden:
		told = h.say("notice.nottold")
	case d.Source == store.ByBot && !h.public(d, r.Now):
		told = h.say("notice.toldat", "time", h.Clock(d.Began.Add(aloneAfter), r.Now))
	}
	text := "**" + h.system(d) + "** · " + told
	for _, lang := range h.Texts.Languages() {
		text += "\n\n" + h.quote(h.toEmployee(lang, d, r))
	}
	return text
}

// quote marks a text as one that somebody else reads.
func (h *Room) quote(text string) string { return "> " + strings.ReplaceAll(text, "\n", "\n> ") }

func (h *Room) system(d store.Disturbance) string { return h.say("notice.system." + d.What) }

// on announces something.
func (h *Room) on(ctx context.Context, r talk.Request, text string) (bot.Reply, error) {
	a, err := parse(text, r.Now, h.Settings.Zone)
	switch {
	case errors.Is(err, errTime):
		return talk.Reply(h.say("notice.badtime")), nil
	case errors.Is(err, errLong):
		return talk.Reply(h.say("notice.long", "most", strconv.Itoa(longest))), nil
	case slices.ContainsFunc(a.words, talk.AsksForSecret):
		return talk.Reply(h.say("notice.asksecret")), nil
	case resetlink.Without(text) != text:
		return talk.Reply(h.say("notice.nolink")), nil
	}
	words, err := json.Marshal(h.byLanguage(a))
	if err != nil {
		return bot.Reply{}, fmt.Errorf("announce: %w", err)
	}
	who, err := h.officer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	d := store.Disturbance{What: string(a.what), Source: store.ByOfficer, Cause: r.ID, Words: words, Began: a.began, Until: a.until, Confirmed: r.Now}
	d, err = h.db.AnnounceDisturbance(ctx, d, func(d store.Disturbance) store.Deed {
		return store.Deed{
			Lines: []store.Event{r.Line(store.Event{Action: audited, Outcome: "on", Detail: d.What})},
			Jobs:  h.tellRooms("gangguan "+r.ID, talk.Room(r.Update), talk.Reply(h.say("notice.byofficer", "name", who)+"\n\n"+h.shown(r, d), h.button("notice.button.off", end, strconv.FormatInt(d.ID, 10)))),
		}
	})
	if err != nil {
		return bot.Reply{}, fmt.Errorf("announce: %w", err)
	}
	return talk.Reply(h.say("notice.on")+"\n\n"+h.shown(r, d), h.button("notice.button.off", end, strconv.FormatInt(d.ID, 10))), nil
}

// officer is the name that the officer shows.
func (h *Room) officer(ctx context.Context, r talk.Request) (string, error) {
	name, err := h.db.OfficerName(ctx, r.Asker())
	if err != nil {
		return "", fmt.Errorf("read an officer's name: %w", err)
	}
	if name == "" {
		name = h.say("notice.officer")
	}
	return name, nil
}

// off ends what officers announced: of one system, or all.
func (h *Room) off(ctx context.Context, r talk.Request, text string) (bot.Reply, error) {
	word, _ := cut(text)
	what, named := systemWords[strings.ToLower(word)]
	all, err := h.db.Disturbances(ctx)
	if err != nil {
		return bot.Reply{}, fmt.Errorf("read disturbances: %w", err)
	}
	ended := 0
	for _, d := range all {
		if d.Source != store.ByOfficer || named && d.What != string(what) {
			continue
		}
		done, err := h.finish(ctx, r, d.ID)
		if err != nil {
			return bot.Reply{}, err
		}
		if done {
			ended++
		}
	}
	if ended == 0 {
		return talk.Reply(h.say("notice.noneoff")), nil
	}
	return talk.Reply(h.say("notice.off")), nil
}

// finish ends a disturbance that officers announced, and tells the other rooms.
func (h *Room) finish(ctx context.Context, r talk.Request, id int64) (bool, error) {
	who, err := h.officer(ctx, r)
	if err != nil {
		return false, err
	}
	done, err := h.db.ChangeDisturbance(ctx, id, func(d *store.Disturbance) (store.Deed, error) {
		d.Ended = r.Now
		return store.Deed{
			Lines: []store.Event{r.Line(store.Event{Action: audited, Outcome: "off", Detail: d.What})},
			Jobs:  h.tellRooms("", talk.Room(r.Update), talk.Reply(h.say("notice.offby", "name", who, "what", h.system(*d)))),
		}, nil
	})
	if err != nil {
		return false, fmt.Errorf("end disturbance: %w", err)
	}
	return done, nil
}

// endIt is the button that ends an announcement.
func (h *Room) endIt(ctx context.Context, r talk.Request) (bot.Reply, error) {
	done, err := h.finish(ctx, r, idOf(r))
	if err != nil {
		return bot.Reply{}, err
	}
	if !done {
		return talk.Replace(h.say("notice.gone")), nil
	}
	return talk.Replace(h.say("notice.off")), nil
}

// announce is the officers' word that what the bot saw is a disturbance.
func (h *Room) announce(ctx context.Context, r talk.Request) (bot.Reply, error) {
	return h.decide(ctx, r, "confirmed", func(d *store.Disturbance) { d.Confirmed, d.Hidden = r.Now, false })
}

// hide is their word that nobody is to be told of it.
func (h *Room) hide(ctx context.Context, r talk.Request) (bot.Reply, error) {
	return h.decide(ctx, r, "hidden", func(d *store.Disturbance) { d.Hidden = true })
}

func (h *Room) decide(ctx context.Context, r talk.Request, outcome string, change func(d *store.Disturbance)) (bot.Reply, error) {
	var now store.Disturbance
	lasts, err := h.db.ChangeDisturbance(ctx, idOf(r), func(d *store.Disturbance) (store.Deed, error) {
		change(d)
		now = *d
		return store.Deed{Lines: []store.Event{r.Line(store.Event{Action: audited, Outcome: outcome, Detail: d.What})}}, nil
	})
	if err != nil {
		return bot.Reply{}, fmt.Errorf("change disturbance: %w", err)
	}
	if !lasts {
		return talk.Replace(h.say("notice.gone")), nil
	}
	other := h.button("notice.button.hide", hide, r.Action.Arg)
	if now.Hidden {
		other = h.button("notice.button.tell", announce, r.Action.Arg)
	}
	return talk.Replace(h.shown(r, now), other), nil
}

func idOf(r talk.Request) int64 {
	id, err := strconv.ParseInt(r.Action.Arg, 10, 64)
	if err != nil {
		return 0
	}
	return id
}
