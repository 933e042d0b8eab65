package guides

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
)

// broken gives a small good library with some files changed; a file without
// content is taken away.
func broken(files map[string]string) fstest.MapFS {
	page := func(title, rest string) *fstest.MapFile {
		return &fstest.MapFile{Data: []byte("---\ntitle: " + title + "\n" + rest + "---\nIsi.\n")}
	}
	fsys := fstest.MapFS{
		"glossary.yaml": {Data: []byte("id: {silahkan: silakan, klik di sini: nama tombolnya}\nen: {click here: the button}\n")},
		"labels.yaml":   {Data: []byte("id: {next: a, back: b, return: c, problem: d, problems: e, stop: f}\nen: {next: a, back: b, return: c, problem: d, problems: e, stop: f}\n")},
	}
	for _, lang := range []string{"id", "en"} {
		fsys["reset/title."+lang+".md"] = page("Judul", "")
		fsys["reset/010-one."+lang+".md"] = page("Satu", "problems: [oops]\n")
		fsys["reset/020-two."+lang+".md"] = page("Dua", "buttons: [{label: Selesai, go: done}]\n")
		fsys["reset/oops."+lang+".md"] = page("Aduh", "")
	}
	for file, content := range files {
		if content == "" {
			delete(fsys, file)
			continue
		}
		fsys[file] = &fstest.MapFile{Data: []byte(content)}
	}
	return fsys
}

// Where the tests change a file.
const (
	oneID  = "reset/010-one.id.md"
	oneEN  = "reset/010-one.en.md"
	twoID  = "reset/020-two.id.md"
	twoEN  = "reset/020-two.en.md"
	oopsID = "reset/oops.id.md"
	oopsEN = "reset/oops.en.md"

	head = "---\ntitle: Satu\nproblems: [oops]\n"
	png  = "\x89PNG\r\n\x1a\n"
)

func TestCheckFinds(t *testing.T) {
	if got := Check(broken(nil)); len(got) > 0 {
		t.Fatalf("the good one has problems: %v", got)
	}
	one := func(content string) map[string]string { return map[string]string{oneID: content} }
	front := func(lines string) map[string]string { return one(head + lines + "\n---\nIsi.\n") }
	body := func(text string) map[string]string { return one(head + "---\n" + text + "\n") }
	tests := map[string]struct {
		files map[string]string
		want  string
	}{
		"missing language":       {map[string]string{oneEN: ""}, `reset: the page "one" is missing in "en"`},
		"new language":           {map[string]string{"labels.yaml": "id: {next: a, back: b, return: c, problem: d, problems: e, stop: f}\nen: {next: a, back: b, return: c, problem: d, problems: e, stop: f}\njv: {next: a, back: b, return: c, problem: d, problems: e, stop: f}\n"}, `reset: the page "one" is missing in "jv"`},
		"no label in it":         {map[string]string{"labels.yaml": "id: {next: a, back: b, return: c, problem: d, problems: e, stop: f}\nen: {next: a, back: b, return: c, problem: d, problems: e, stop: f}\njv: {next: a}\n"}, `labels.yaml: the label "back" is missing in "jv"`},
		"no such language":       {map[string]string{"reset/oops.jv.md": head + "---\nIsi.\n"}, "a language of labels.yaml: id or en"},
		"missing page":           {map[string]string{oopsID: ""}, `reset: the page "oops" is missing in "id"`},
		"missing title":          {map[string]string{"reset/title.id.md": "---\nnext: x\n---\n"}, "title.id.md:2: the title is missing"},
		"no title page":          {map[string]string{"reset/title.id.md": "", "reset/title.en.md": ""}, "the page title.id.md with the guide's title is missing"},
		"missing text":           {one(head + "---\n\n"), "010-one.id.md:6: the text is missing"},
		"shapes differ":          {one("---\ntitle: Satu\n---\nIsi.\n"), "010-one.en.md:2: also, problems, pictures, stop, variants and buttons are to be the same as in reset/010-one.id.md"},
		"unreachable":            {map[string]string{"reset/lonely.id.md": "---\ntitle: A\n---\nIsi.\n", "reset/lonely.en.md": "---\ntitle: A\n---\nIsi.\n"}, `reset/lonely.id.md: nobody reaches the page "lonely"`},
		"problem to nowhere":     {one("---\ntitle: Satu\nproblems: [oops, gone]\n---\nIsi.\n"), `010-one.id.md:3: problems name the page "gone", which does not exist`},
		"button to nowhere":      {front("buttons: [{label: A, go: nowhere}]"), `010-one.id.md:4: the button "A" leads to the page "nowhere", which does not exist`},
		"button without a go":    {front("buttons: [{label: A}]"), `the button "A" leads nowhere`},
		"button without a label": {front("buttons: [{go: done}]"), "a button has no label"},
		"guide to nowhere":       {front("buttons: [{label: A, go: guide nowhere}]"), `leads to the guide "nowhere", which does not exist`},
		"no end":                 {map[string]string{twoID: "---\ntitle: Dua\n---\nIsi.\n", twoEN: "---\ntitle: Dua\n---\nIsi.\n"}, "020-two.id.md:2: no way leads to the end from here"},
		"no end for some":        {map[string]string{twoID: "---\ntitle: Dua\nbuttons: [{label: A, go: done, when: browser edge}]\n---\nIsi.\n", twoEN: "---\ntitle: Dua\nbuttons: [{label: A, go: done, when: browser edge}]\n---\nIsi.\n"}, "020-two.id.md:2: no way leads to the end from here"},
		"long label":             {front("next: " + strings.Repeat("x", 40)), "010-one.id.md:4: the button"},
		"long title of problem":  {map[string]string{oopsID: "---\ntitle: " + strings.Repeat("x", 40) + "\n---\nIsi.\n"}, "010-one.id.md:3: the title of reset/oops.id.md"},
		"long title of guide":    {map[string]string{"reset/title.id.md": "---\ntitle: " + strings.Repeat("x", 40) + "\n---\n"}, "title.id.md:2: the guide's title"},
		"too many buttons":       {front("buttons: [" + strings.TrimSuffix(strings.Repeat("{label: A, go: reset}, ", 8), ", ") + "]"), "the page has 12 buttons"},
		"long sentence":          {body(strings.Repeat("kata ", 30)), "010-one.id.md:5: a sentence of 30 words"},
		"long text":              {body(strings.Repeat("Kalimat pendek ini. ", 60)), "fit on a small phone"},
		"long text for some":     {body("A.\n::: browser edge\n" + strings.Repeat("Kalimat pendek ini. ", 60) + "\n:::"), "010-one.id.md:5: for browser edge the text has"},
		"no text for some":       {body("::: verdict trusted\nA.\n:::"), "010-one.id.md:5: for verdict expired the text is empty"},
		"unknown placeholder":    {body("Baris.\nHalo {nama}."), "010-one.id.md:6: {nama} is not known"},
		"placeholder in a title": {one("---\ntitle: Buka {site}\nproblems: [oops]\n---\nIsi.\n"), "010-one.id.md:2: {site} is not filled in here"},
		"foreign address":        {body("Buka esign-bsre.example.com ya."), "010-one.id.md:5: names the address esign-bsre.example.com"},
		"foreign link":           {body("Buka [ini](https://palsu.test/x) ya."), "names the address https://palsu.test/x"},
		"address on a button":    {front("buttons: [{label: palsu.go.id, go: done}]"), "010-one.id.md:4: names the address palsu.go.id"},
		"address abroad":         {body("Buka bssn-go.tk ya."), "names the address bssn-go.tk"},
		"address of numbers":     {body("Buka 203.0.113.7/reset ya."), "names the address 203.0.113.7"},
		"forbidden word":         {body("Baris.\nSilahkan tekan."), `010-one.id.md:6: says "silahkan"; say: silakan`},
		"forbidden words":        {body("Lalu **klik di sini**."), `says "klik di sini"; say: nama tombolnya`},
		"forbidden in a label":   {front("next: Silahkan"), `010-one.id.md:4: says "silahkan"`},
		"unknown front matter":   {front("colour: red"), `010-one.id.md:4: unknown field "colour"`},
		"no front matter":        {one("Isi.\n"), "010-one.id.md:1: begin with front matter"},
		"broken front matter":    {one("---\ntitle: Satu: dua\n---\nIsi.\n"), "010-one.id.md:2: "},
		"no YAML at all":         {one("---\ntitle: A\nproblems: !0\n0\n---\nIsi.\n"), "010-one.id.md:2: this is no YAML"},
		"unknown block":          {body("A.\n::: moon full\nB.\n:::"), `010-one.id.md:6: "moon full": write one of browser, links, mode, platform, site, status, verdict and`},
		"block without a value":  {body("A.\n::: browser\nB.\n:::"), "010-one.id.md:6: "},
		"unknown browser":        {body("A.\n::: browser netscape\nB.\n:::"), `browser has no value "netscape"; known are chrome,`},
		"unknown platform":       {body("A.\n::: platform irc\nB.\n:::"), `platform has no value "irc"`},
		"unknown verdict":        {body("A.\n::: verdict bad\nB.\n:::"), `verdict has no value "bad"`},
		"unknown second part":    {body("A.\n::: verdict expired and browser x\nB.\n:::"), `browser has no value "x"`},
		"unknown when":           {front("buttons: [{label: A, go: done, when: verdict bad}]"), `010-one.id.md:4: verdict has no value "bad"`},
		"variant without a when": {front("variants: [{title: A}]"), "a variant needs when"},
		"unknown stop":           {front("stop: [bad]"), `010-one.id.md:4: stop: verdict has no value "bad"`},
		"stop without help":      {front("stop: [expired]"), "with the verdict expired nobody is led on: add a button that helps"},
		"bad name":               {map[string]string{"reset/one.fr.md": "x"}, "reset/one.fr.md: name it NNN-ID.LANGUAGE.md"},
		"numbers differ":         {map[string]string{oneEN: "", "reset/030-one.en.md": head + "---\nIsi.\n"}, "its number differs"},
		"missing label":          {map[string]string{"labels.yaml": "id: {next: a}\nen: {next: a}\n"}, `labels.yaml: the label "back" is missing in "id"`},
		"no labels":              {map[string]string{"labels.yaml": ""}, "labels.yaml:"},
		"broken glossary":        {map[string]string{"glossary.yaml": "- a\n"}, "glossary.yaml:1: "},
		"sign in the glossary":   {map[string]string{"glossary.yaml": "id: {E-Mail: email}\n"}, `glossary.yaml: write "e mail" instead of "E-Mail"`},
		"long folder":            {map[string]string{"muchtoolong/title.id.md": "---\ntitle: A\n---\n", "muchtoolong/title.en.md": "---\ntitle: A\n---\n"}, "muchtoolong: give the folder a name of at most 8 letters"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) { finds(t, broken(tt.files), tt.want) })
	}
}

func TestCheckFindsBadPictures(t *testing.T) {
	// A step with a picture of its own in both languages.
	with := func(files map[string]string) fs.FS {
		all := map[string]string{
			oneID:               head + "picture: shot\nalt: Gambar\n---\nIsi.\n",
			oneEN:               head + "picture: shot\nalt: Picture\n---\nText.\n",
			"reset/shot.id.png": png + "i", "reset/shot.en.png": png + "e",
			"reset/shot.edge.id.png": png + "ei", "reset/shot.edge.en.png": png + "ee",
		}
		for file, content := range files {
			all[file] = content
		}
		return broken(all)
	}
	if got := Check(with(nil)); len(got) > 0 {
		t.Fatalf("the good one has problems: %v", got)
	}
	long := strings.Repeat("Empat puluh huruf lebih satu kalimat ini. ", 18)
	tests := map[string]struct {
		files map[string]string
		want  string
	}{
		"missing":             {map[string]string{"reset/shot.id.png": ""}, "010-one.id.md:4: the picture shot.id.png is not in the folder reset"},
		"missing language":    {map[string]string{"reset/shot.en.png": ""}, "010-one.en.md:4: the picture shot.en.png is not in the folder reset"},
		"missing twin":        {map[string]string{"reset/shot.edge.en.png": ""}, `reset/shot.edge.id.png: its twin in "en" is missing: add shot.edge.en.png`},
		"nobody's":            {map[string]string{"reset/old.id.png": png}, "reset/old.id.png: no page shows it"},
		"twice":               {map[string]string{"reset/shot.id.jpg": "\xff\xd8\xff"}, "reset/shot.id.jpg: shot.id.png is there too, and is the one that is shown"},
		"no alt":              {map[string]string{oneID: head + "picture: shot\n---\nIsi.\n"}, "010-one.id.md:4: the picture has no alt"},
		"alt alone":           {map[string]string{oopsID: "---\ntitle: A\nalt: Gambar\n---\nIsi.\n"}, "oops.id.md:3: there is an alt, but no picture"},
		"no alt in a variant": {map[string]string{oneID: head + "picture: shot\nalt: Gambar\nvariants: [{when: browser edge, picture: shot}]\n---\nIsi.\n"}, "the picture has no alt"},
		"with its ending":     {map[string]string{oneID: head + "picture: shot.id.png\nalt: Gambar\n---\nIsi.\n"}, "write the picture's name alone: picture: shot"},
		"too large":           {map[string]string{"reset/shot.id.png": png + strings.Repeat("x", 201<<10)}, "reset/shot.id.png: the picture has 201 KB, at most 200"},
		"no picture":          {map[string]string{"reset/shot.id.png": "GIF89a"}, "reset/shot.id.png: it is neither PNG nor JPEG"},
		"unknown browser":     {map[string]string{"reset/shot.lynx.id.png": png}, "reset/shot.lynx.id.png: name it NAME.LANGUAGE.png or NAME.BROWSER.LANGUAGE.png"},
		"unknown language":    {map[string]string{"reset/shot.fr.png": png}, "reset/shot.fr.png: name it"},
		"long caption": {map[string]string{oneID: "---\ntitle: " + strings.Repeat("Judul ", 40) + "\nproblems: [oops]\npicture: shot\nalt: Gambar\n---\n" + long + "{fingerprint}\n"},
			"Telegram takes 1024 beside a picture"},
		"long caption for some": {map[string]string{oneID: "---\ntitle: " + strings.Repeat("Judul ", 40) + "\nproblems: [oops]\npicture: shot\nalt: Gambar\n---\nIsi.\n::: verdict expired\n" + long + "{fingerprint}\n:::\n"},
			"for browser chrome and verdict expired the text has"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) { finds(t, with(tt.files), tt.want) })
	}
}

// finds checks that a problem is told, and that such guides are not loaded.
func finds(t *testing.T, fsys fs.FS, want string) {
	t.Helper()
	var all []string
	for _, p := range Check(fsys) {
		all = append(all, p.Error())
	}
	if !strings.Contains(strings.Join(all, "\n"), want) {
		t.Errorf("got %q, want %q", all, want)
	}
	if _, err := Load(fsys); err == nil {
		t.Error("it is loaded all the same")
	}
}

func FuzzLoad(f *testing.F) {
	f.Add("---\ntitle: Satu\nproblems: [oops]\n---\nIsi {site}.\n::: browser firefox\nx\n:::\n")
	f.Add("---\ntitle: Satu\nproblems: [oops]\nstop: [expired]\nvariants: [{when: verdict trusted and browser edge, title: A}]\n---\nIsi.\n")
	f.Add("---\n- a\n---\n")
	f.Add("---\ntitle: A\nproblems: !0\n0\n---\nIsi.\n")
	f.Fuzz(func(t *testing.T, content string) {
		if content == "" {
			return
		}
		l, err := Load(broken(map[string]string{oneID: content}))
		if err != nil {
			return
		}
		g, _ := l.Guide("reset")
		for s := range g.Situations("one", "id") {
			if _, err := g.View("one", s); err != nil {
				t.Errorf("loaded but cannot be shown: %v", err)
			}
		}
	})
}

// What only looks like an address is none: titles, times, versions.
func TestWhatIsNoAddress(t *testing.T) {
	problems := Check(broken(map[string]string{oneID: head + "---\nBudi, S.Si. M.Kom, pukul 14.30, versi 1.2.3, dll. di sini.\n", oneEN: head + "---\nText.\n"}))
	if len(problems) > 0 {
		t.Errorf("found %v", problems)
	}
}
