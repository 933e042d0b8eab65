package understand

import "testing"

// TestPINsGoInTheFormsThatPeopleUse holds the guard to its aims on PINs given
// away and on what looks like one, as a note tells the kind. They were written
// down before the rules that they are measured by. Of a single plain word it
// cannot be told whether it is a PIN ("pin saya sayangkamu"): it is asked.
func TestPINsGoInTheFormsThatPeopleUse(t *testing.T) {
	t.Parallel()
	const (
		leastTaken   = 96.0 // these are the hard ones; the aim is held by sentences as they come
		leastNoticed = 98.0 // taken, or asked after
		mostAsked    = 3.0  // of what only looks like a PIN
	)
	u := learned(t)
	count := func(cases []Case, fault Secret) map[Secret]float64 {
		shares := make(map[Secret]float64)
		for _, c := range cases {
			secret := u.Understand(Input{Place: c.Context, Text: c.Text, Language: c.Lang}).Secret
			if secret == fault || secret == SecretMaybe {
				t.Logf("%q, %s at %s: %s", secret, c.Note, c.Context, c.Text)
			}
			shares[secret] += 100 / float64(len(cases))
		}
		t.Logf("taken %.1f %%, asked %.1f %% of %d", shares[SecretPIN], shares[SecretMaybe], len(cases))
		return shares
	}
	var plain, told []Case
	for _, c := range readCases(t, "givenaway.jsonl") {
		if c.Note == "plain" {
			plain = append(plain, c)
		} else {
			told = append(told, c)
		}
	}
	if got := count(told, SecretNone); got[SecretPIN] < leastTaken || got[SecretPIN]+got[SecretMaybe] < leastNoticed {
		t.Errorf("of the PINs %.1f %% are taken, %.1f %% asked after", got[SecretPIN], got[SecretMaybe])
	}
	if got := count(plain, SecretNone); got[SecretNone] > 0 {
		t.Errorf("of plain words as a PIN %.1f %% are neither taken nor asked after", got[SecretNone])
	}
	if got := count(readCases(t, "lookalikes.jsonl"), SecretPIN); got[SecretPIN] > mostHarmless || got[SecretMaybe] > mostAsked {
		t.Errorf("of what looks like a PIN %.1f %% is taken, %.1f %% asked after", got[SecretPIN], got[SecretMaybe])
	}
}
