package bsre_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tidwall/gjson"

	"resetpin/handlers/bsre"
	"resetpin/handlers/bsre/bsretest"
)

// recorded is a portal that answers as the real one was recorded in 2026,
// changed by pairs of old and new.
func recorded(t *testing.T, odd *[]string, pairs ...string) *bsre.Portal {
	t.Helper()
	w := start(t, bsretest.Options{})
	change := strings.NewReplacer(pairs...)
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		name := "testdata/details.json"
		if strings.HasSuffix(r.URL.Path, "/list") {
			name = "testdata/list.json"
		}
		data, err := os.ReadFile(name)
		if err != nil {
			t.Error(err)
		}
		if _, err := rw.Write([]byte(change.Replace(string(data)))); err != nil {
			t.Error(err)
		}
	}))
	t.Cleanup(server.Close)
	config := w.PortalConfig()
	config.URL, config.Gap, config.Timeout = server.URL, time.Millisecond, 2*time.Second
	config.Odd = func(_ context.Context, field, shape string) { *odd = append(*odd, field+" "+shape) }
	return portal(t, config)
}

func satu() bsre.Person {
	return bsre.Person{NIK: "9901010101800001", NIP: "198001012005011001", Email: "pegawai.satu@contoh.go.id"}
}

// The real answers are read to the last field that the bot needs, and the
// signature is meant although the seal ends later.
func TestTheRecordedAnswersAreRead(t *testing.T) {
	t.Parallel()
	var odd []string
	got, err := recorded(t, &odd).Lookup(t.Context(), satu())
	want := bsre.Subject{
		UID: "6f1d2c3b-4a59-4687-9786-a5b4c3d2e1f0", Serial: "70a3c1d95be2486f13579bdf02468ace13570b9d", Email: "pegawai.satu@contoh.go.id",
		Phone: "62*********42", PhoneVerified: true, Product: "Tanda Tangan Elektronik", Link: "RESET_PASSPHRASE",
		EndDate: time.Date(2027, 6, 19, 9, 40, 14, 0, time.FixedZone("WIB", 7*60*60)),
	}
	if !got.EndDate.Equal(want.EndDate) {
		t.Errorf("the end is %v, want %v", got.EndDate, want.EndDate)
	}
	got.EndDate = want.EndDate
	if err != nil || got != want || len(odd) > 0 {
		t.Errorf("got %+v, %v, odd %q\nwant %+v", got, err, odd, want)
	}
}

const (
	sealField, signatureField = `"product":"Segel Elektronik"`, `"product":"Tanda Tangan Elektronik"`
	sealDN, signatureDN       = "93a1f0_Segel Elektronik", "51c07e_Tanda Tangan Elektronik"
	signatureEnd              = "2027-06-19 09:40:14.000+0700"
	sealEnd                   = "2027-11-11 11:35:04.000+0700"
)

// Which certificate is meant, when the portal says less or otherwise.
func TestTheSealIsNeverMeant(t *testing.T) {
	t.Parallel()
	const signature, seal = "70a3c1d95be2486f13579bdf02468ace13570b9d", "1d5e2a7c90b3f4468e1c27ab55d0937f6e81c024"
	for name, c := range map[string]struct {
		pairs  []string
		serial string
		err    error
	}{
		"as recorded":                     {nil, signature, nil},
		"the field says nothing":          {[]string{sealField, `"product":null`, signatureField, `"product":null`}, signature, nil},
		"the field is missing":            {[]string{sealField + ",", "", signatureField + ",", ""}, signature, nil},
		"in capitals":                     {[]string{sealField, `"product":"SEGEL ELEKTRONIK"`, signatureField, `"product":"TANDA TANGAN ELEKTRONIK"`}, signature, nil},
		"only the seal says what it is":   {[]string{signatureField, `"product":""`, signatureDN, "x"}, signature, nil},
		"only the signature says":         {[]string{sealField, `"product":""`, sealDN, "x"}, signature, nil},
		"neither says":                    {[]string{sealField, `"product":""`, sealDN, "x", signatureField, `"product":""`, signatureDN, "x"}, "", bsre.ErrAmbiguous},
		"two new words":                   {[]string{sealField, `"product":"Stempel"`, signatureField, `"product":"Paraf"`}, "", bsre.ErrAmbiguous},
		"two seals":                       {[]string{signatureField, sealField}, "", bsre.ErrNoCertificate},
		"two signatures":                  {[]string{sealField, signatureField}, seal, nil}, // then the later one is the newer
		"two signatures that end as one":  {[]string{sealField, signatureField, sealEnd, signatureEnd}, "", bsre.ErrAmbiguous},
		"two signatures, one without end": {[]string{sealField, signatureField, `"` + signatureEnd + `"`, "null"}, "", bsre.ErrAmbiguous},
		"the signature is revoked":        {[]string{`"status":"ISSUE",` + "\n   " + `"enrollment":"ESIGN","subjectDn":"C=ID, O=Instansi Contoh, CN=PEGAWAI SATU, OID.2.5.4.13=51c07e`, `"status":"REVOKE",` + "\n   " + `"enrollment":"ESIGN","subjectDn":"C=ID, O=Instansi Contoh, CN=PEGAWAI SATU, OID.2.5.4.13=51c07e`}, "", bsre.ErrNoCertificate},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var odd []string
			got, err := recorded(t, &odd, c.pairs...).Lookup(t.Context(), satu())
			if got.Serial != c.serial || !errors.Is(err, c.err) || (err == nil) != (c.err == nil) {
				t.Errorf("got %q, %v", got.Serial, err)
			}
		})
	}
}

// What is there and cannot be read is told, by its shape only.
func TestWhatCannotBeReadIsTold(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		pairs []string
		want  []string
	}{
		"another form":  {[]string{`"` + signatureEnd + `"`, `"19 Juni 2027"`}, []string{"notAfterDate 99 aaaa 9999"}},
		"a list":        {[]string{`"` + signatureEnd + `"`, `[2027,6,19]`}, []string{"notAfterDate [9999,9,99]"}},
		"nothing":       {[]string{`"` + signatureEnd + `"`, `null`}, nil},
		"empty":         {[]string{`"` + signatureEnd + `"`, `""`}, nil},
		"a new product": {[]string{signatureField, `"product":"Paraf Elektronik"`}, []string{"product aaaaa aaaaaaaaaa"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var odd []string
			if _, err := recorded(t, &odd, c.pairs...).Lookup(t.Context(), satu()); err != nil {
				t.Error(err)
			}
			if !slices.Equal(odd, c.want) {
				t.Errorf("told %q, want %q", odd, c.want)
			}
		})
	}
}

// The pretend portal shows everything that the recording shows, under the
// same names.
func TestThePretendPortalHasTheRecordedFields(t *testing.T) {
	t.Parallel()
	w := start(t, bsretest.Options{})
	var answers []string
	w.SetRewrite(func(_ string, answer []byte) []byte { answers = append(answers, string(answer)); return answer })
	if _, err := portal(t, w.PortalConfig()).Lookup(t.Context(), who(sari())); err != nil {
		t.Fatal(err)
	}
	if len(answers) != 2 {
		t.Fatalf("%d answers", len(answers))
	}
	for i, name := range []string{"testdata/list.json", "testdata/details.json"} {
		want, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := names(t, answers[i]), names(t, string(want)); !slices.Equal(got, want) {
			t.Errorf("%s:\nthe pretend portal has %q\nthe recording has      %q", name, got, want)
		}
	}
}

// names are all fields of a JSON text, with what kind of value each holds.
func names(t *testing.T, text string) []string {
	t.Helper()
	var all []string
	var walk func(path string, v gjson.Result)
	walk = func(path string, v gjson.Result) {
		switch {
		case v.IsObject():
			v.ForEach(func(key, value gjson.Result) bool { walk(path+"."+key.Str, value); return true })
		case v.IsArray():
			v.ForEach(func(_, value gjson.Result) bool { walk(path, value); return true })
		default:
			all = append(all, path+" "+form(v))
		}
	}
	walk("", gjson.Parse(text))
	slices.Sort(all)
	return slices.Compact(all)
}

var (
	uuidForm   = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)
	serialForm = regexp.MustCompile(`^[0-9a-f]{40}$`)
	dateForm   = regexp.MustCompile(`^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}\+0700$`)
	maskedForm = regexp.MustCompile(`^\d{0,2}\*+\d{2,4}$`)
)

// form tells how a value is written.
func form(v gjson.Result) string {
	s := v.String()
	switch {
	case v.Type != gjson.String && v.Type != gjson.Null:
		return v.Type.String()
	case v.Type == gjson.Null, s == "RESET_PASSPHRASE":
		return "null or a word"
	case s == "":
		return "empty"
	case uuidForm.MatchString(s):
		return "UUID"
	case serialForm.MatchString(s):
		return "serial"
	case dateForm.MatchString(s):
		return "date"
	case maskedForm.MatchString(s):
		return "masked"
	case strings.HasPrefix(s, "-----BEGIN CERTIFICATE-----\n"):
		return "PEM"
	}
	return "text"
}
