package store

import (
	"net/netip"
	"net/url"
	"os"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// requireTLS takes the ways without TLS to other machines out of a
// configuration: pgx would fall back to them when somebody between takes the
// server's TLS away. sslmode=disable is the way to say that none is wanted; it
// gives a warning.
func requireTLS(config *pgx.ConnConfig, address string) (warning string) {
	mode := os.Getenv("PGSSLMODE")
	if u, err := url.Parse(address); err == nil && u.Query().Get("sslmode") != "" {
		mode = u.Query().Get("sslmode")
	}
	ways := append([]*pgconn.FallbackConfig{{Host: config.Host, Port: config.Port, TLSConfig: config.TLSConfig}}, config.Fallbacks...)
	var kept []*pgconn.FallbackConfig
	for _, w := range ways {
		switch {
		case w.TLSConfig != nil, thisMachine(w.Host):
			kept = append(kept, w)
		case mode == "disable":
			kept = append(kept, w)
			warning = "DATABASE_URL has sslmode=disable: the password and all data go to PostgreSQL in clear"
		}
	}
	if len(kept) > 0 { // sslmode=allow keeps its second way, with TLS
		config.Host, config.Port, config.TLSConfig, config.Fallbacks = kept[0].Host, kept[0].Port, kept[0].TLSConfig, kept[1:]
	}
	return warning
}

// thisMachine tells a socket's folder and the loopback addresses.
func thisMachine(host string) bool {
	ip, err := netip.ParseAddr(host)
	return strings.HasPrefix(host, "/") || strings.HasPrefix(host, "@") || strings.EqualFold(host, "localhost") || err == nil && ip.IsLoopback()
}
