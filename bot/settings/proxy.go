package settings

import (
	"fmt"
	"strings"
)

// proxyNames are the settings that every HTTP client takes from the
// environment of the process (net/http.ProxyFromEnvironment), and the only
// ones that are written in small letters too.
func proxyNames() []string { return []string{"HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY"} }

// promote gives a setting the value of its name in small letters, when it has
// none.
func promote(values map[string]string, name string) {
	small := strings.ToLower(name)
	if value, ok := values[small]; ok {
		if _, ok := values[name]; !ok {
			values[name] = value
		}
		delete(values, small)
	}
}

// overlay puts the environment over the values of a file.
func overlay(values map[string]string, environ []string) {
	over := make(map[string]string)
	for _, line := range environ {
		if name, value, ok := strings.Cut(line, "="); ok {
			over[name] = value
		}
	}
	for _, name := range proxyNames() {
		promote(over, name)
	}
	for name, value := range over {
		values[name] = value
	}
}

// ExportProxy puts the proxies into the environment of the process, where
// every HTTP client looks for them; it must be called before the first of
// them is used.
func (s Settings) ExportProxy(setenv func(name, value string) error) error {
	for name, value := range map[string]string{"HTTPS_PROXY": s.HTTPSProxy.Reveal(), "HTTP_PROXY": s.HTTPProxy.Reveal(), "NO_PROXY": s.NoProxy} {
		if value == "" {
			continue
		}
		if err := setenv(name, value); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}
