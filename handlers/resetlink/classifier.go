package resetlink

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/net/idna"
	"golang.org/x/text/unicode/norm"
)

// site is a genuine host.
type site struct {
	host string // lower case
	port string // with its colon; empty: 443
}

// classifier knows the genuine hosts and what resembles them.
type classifier struct {
	sites  []site
	brands []string // parts of their names that nobody else uses, as skeletons

	wrappers []string // hosts of the agency's own mail filters
	others   bool     // bare addresses of other sites are told too
}

// governmentEnd is the ending under which only the government registers: a
// ministry's host may have BSrE in its name.
const governmentEnd = ".go.id"

// shortens tells the services that hide where a link leads.
func shortens(host string) bool {
	switch strings.TrimPrefix(host, "www.") {
	case "bit.ly", "s.id", "tinyurl.com", "t.co", "goo.gl", "is.gd", "v.gd", "cutt.ly", "rebrand.ly", "t.ly", "ow.ly", "shorturl.at",
		"rb.gy", "tiny.cc", "buff.ly", "bl.ink", "short.io", "gg.gg", "adf.ly", "lnkd.in", "qr.ae", "tiny.one":
		return true
	}
	return false
}

func newClassifier(hosts []string) *classifier {
	j := &classifier{brands: []string{"bsre", "bssn"}}
	for _, h := range hosts {
		host, port, _ := strings.Cut(strings.ToLower(strings.TrimSpace(h)), ":")
		if host == "" {
			continue
		}
		if port == "443" || port == "" {
			port = ""
		} else {
			port = ":" + port
		}
		j.sites = append(j.sites, site{host: host, port: port})
		if first, _, _ := strings.Cut(host, "."); len(first) >= 6 {
			j.brands = append(j.brands, skeleton(first))
		}
	}
	return j
}

// site finds a genuine host.
func (j *classifier) site(host string) (site, bool) {
	at := slices.IndexFunc(j.sites, func(s site) bool { return s.host == host })
	if at < 0 {
		return site{}, false
	}
	return j.sites[at], true
}

// resembles tells whether a host that is none of the genuine ones could be
// taken for one.
func (j *classifier) resembles(host string) bool {
	if len(host) < 4 || len(host) > 253 || !strings.Contains(host, ".") && !strings.Contains(host, "xn--") {
		return false
	}
	if j.near(host) {
		return true
	}
	if strings.HasSuffix(host, governmentEnd) || j.related(host) {
		return false
	}
	shape := skeleton(host)
	return slices.ContainsFunc(j.brands, func(b string) bool { return strings.Contains(shape, b) })
}

// related tells a host in the same domain as a genuine one: nobody else can
// make it. One with foreign letters is not believed.
func (j *classifier) related(host string) bool {
	if !isASCII(host) || strings.Contains(host, "xn--") {
		return false
	}
	return slices.ContainsFunc(j.sites, func(s site) bool {
		_, domain, ok := strings.Cut(s.host, ".")
		return ok && (host == domain || strings.HasSuffix(host, "."+domain) || strings.HasSuffix(host, "."+s.host))
	})
}

// bssnDomain is the domain of the agency that BSrE belongs to. Source: the
// portal's and the sign-on's addresses.
const bssnDomain = "bssn.go.id"

// official tells an address of BSrE's or its agency's that is none of the
// genuine sites: nobody else can make a host there.
func (j *classifier) official(a address) bool {
	if a.user || !isASCII(a.host) || strings.Contains(a.host, "xn--") {
		return false
	}
	return a.host == bssnDomain || strings.HasSuffix(a.host, "."+bssnDomain) || j.related(a.host)
}

// near tells whether a host is a genuine one but for a few characters, or
// holds one.
func (j *classifier) near(host string) bool {
	if j.related(host) {
		return false
	}
	shape := skeleton(host)
	return slices.ContainsFunc(j.sites, func(s site) bool {
		genuine := skeleton(s.host)
		return strings.Contains(shape, genuine) || strings.Contains(strings.ReplaceAll(host, "-", "."), strings.ReplaceAll(s.host, "-", ".")) ||
			within(shape, genuine, 2)
	})
}

// mentions tells whether a genuine host's name stands in a text.
func (j *classifier) mentions(text string) bool {
	text = strings.ToLower(text)
	return slices.ContainsFunc(j.sites, func(s site) bool { return strings.Contains(text, s.host) })
}

// skeleton is what a host looks like: without the differences that a reader
// overlooks. Hosts that look alike have the same skeleton.
func skeleton(host string) string {
	if strings.Contains(host, "xn--") {
		if u, err := idna.ToUnicode(host); err == nil {
			host = u
		}
	}
	s := strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Mn, r), r == '-', r == '_', r == '‐', r == '‑', r == '–', r == '—', r == '−':
			return -1
		}
		return latin(r)
	}, norm.NFKD.String(strings.ToLower(host)))
	return strings.ReplaceAll(strings.ReplaceAll(s, "rn", "m"), "vv", "w") // pairs that look like one letter
}

// latin gives the Latin letter that a letter, digit or sign looks like: the
// ones that tricks use, chosen by eye. Unicode's confusables.txt has them all.
func latin(r rune) rune {
	switch r {
	case '@', 'а', 'ɑ', 'α':
		return 'a'
	case '8', '6', 'в', 'ь', 'ƅ', 'ʙ', 'β':
		return 'b'
	case 'с', 'ϲ', 'ⅽ', 'ƈ':
		return 'c'
	case 'ԁ', 'ɗ', 'ⅾ':
		return 'd'
	case '3', 'е', 'ё', 'є', 'ҽ', 'ε':
		return 'e'
	case '9', 'ɡ', 'ց', 'ɢ':
		return 'g'
	case 'һ', 'ћ', 'ʜ':
		return 'h'
	case '1', 'l', '|', 'і', 'ї', 'ı', 'ι', 'ɩ', 'ӏ', 'ⅼ', 'ʟ':
		return 'i'
	case 'ј':
		return 'j'
	case 'к', 'κ':
		return 'k'
	case 'м':
		return 'm'
	case 'п', 'ո', 'η', 'ռ', 'ƞ', 'ɴ':
		return 'n'
	case '0', 'о', 'ο', 'օ', 'ө', 'σ', 'ø':
		return 'o'
	case 'р', 'ρ':
		return 'p'
	case 'г', 'ʀ', 'ᴦ':
		return 'r'
	case '5', '$', 'ѕ', 'ꜱ':
		return 's'
	case 'т', 'τ':
		return 't'
	case 'υ':
		return 'u'
	case 'ѵ', 'ν':
		return 'v'
	case 'ԝ', 'ω':
		return 'w'
	case 'х', 'χ':
		return 'x'
	case 'у', 'γ', 'ү':
		return 'y'
	}
	return r
}

// within tells whether two texts are at most n changed, added or dropped
// characters apart (Levenshtein distance). Nothing is within its whole length.
func within(a, b string, n int) bool {
	x, y := []rune(a), []rune(b)
	if len(x)-len(y) > n || len(y)-len(x) > n || len(y) < 4*n {
		return false
	}
	row := make([]int, len(y)+1)
	for i := range row {
		row[i] = i
	}
	for i := range x {
		last := row[0]
		row[0] = i + 1
		for k := range y {
			cost := last
			if x[i] != y[k] {
				cost++
			}
			last = row[k+1]
			row[k+1] = min(cost, row[k]+1, last+1)
		}
	}
	return row[len(y)] <= n
}

// unmask gives a text as it appears: without invisible characters, and with
// the ordinary forms of wide and ornamental ones.
func unmask(s string) string {
	if isASCII(s) {
		return strings.Map(func(r rune) rune {
			if r < ' ' || r == 0x7f {
				return -1
			}
			return r
		}, s)
	}
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Variation_Selector, r) || r == 0x034f || r == 0x3164 || r == 0x115f {
			return -1
		}
		return r
	}, s)
	return strings.NewReplacer("。", ".", "｡", ".", "․", ".").Replace(norm.NFKC.String(s))
}

func isASCII(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r > unicode.MaxASCII })
}

// hidden tells whether an authority does not stand in a text as it appears.
func hidden(raw, authority string) bool {
	return !strings.Contains(strings.ReplaceAll(raw, `\`, "/"), authority)
}
