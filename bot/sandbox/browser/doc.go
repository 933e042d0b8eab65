// Package browser tries the sandbox's page in a real browser. It is a module
// of its own, so that the bot's module needs none of what drives a browser.
package browser
