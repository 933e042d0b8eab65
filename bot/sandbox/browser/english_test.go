package browser_test

import "testing"

// TestBrowserEnglish is a visitor with an English browser: page and bot speak
// English, on both platforms.
func TestBrowserEnglish(t *testing.T) {
	b, w := openStage(t)
	b.open(w.sandbox.URL + "/?lang=en")
	v := visit{tab: b.as(t), stage: w}
	v.choosePlatform("mattermost")
	v.say("/resetpin help")
	v.hears("What I can do for you")
	v.choosePlatform("telegram")
	v.click("#start")
	v.hears("Hello")
}
