package telegram

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"
	"golang.org/x/time/rate"

	"resetpin/bot"
	"resetpin/bot/leaktest"
)

// TestMain runs this program as a pretend Telegram that answers every call at
// once, when a benchmark asks for it: its CPU must not count.
func TestMain(m *testing.M) {
	if os.Getenv("TELEGRAM_BENCH_SERVER") != "" {
		serveBench()
	}
	os.Exit(leaktest.Run(m))
}

func serveBench() {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	if _, err := fmt.Fprintln(os.Stdout, l.Addr()); err != nil {
		panic(err)
	}
	result := `{"ok":true,"result":{"message_id":12,"from":{"id":4242,"is_bot":true,"first_name":"Reset PIN","username":"resetpin_bot"},"chat":{"id":77,"first_name":"Sari","type":"private"},"date":1800000000,"text":"Aktif. User sudah terdaftar dan memiliki sertifikat dengan status ISSUE"}}`
	err = http.Serve(l, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.Copy(io.Discard, r.Body); err != nil {
			return
		}
		w.Header().Set("Content-Type", "application/json")
		if _, err := io.WriteString(w, result); err != nil {
			return
		}
	}))
	panic(err)
}

// benchServer starts serveBench and gives its address.
func benchServer(b *testing.B) string {
	b.Helper()
	cmd := exec.CommandContext(b.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), "TELEGRAM_BENCH_SERVER=1")
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		b.Fatal(err)
	}
	return "http://" + line[:len(line)-1]
}

// cpu gives the CPU time that this process has used.
func cpu() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// perOp runs the loop and reports CPU time an operation.
func perOp(b *testing.B, do func(i int)) {
	b.Helper()
	b.ReportAllocs()
	do(0)
	before := cpu()
	i := 0
	for b.Loop() {
		do(i)
		i++
	}
	b.ReportMetric(float64((cpu()-before).Nanoseconds())/float64(b.N)/1000, "cpu-µs/op")
}

const statusText = "🟢 **Aktif**\nUser sudah terdaftar dan memiliki sertifikat dengan status ISSUE\n\nBerlaku sampai **12 Maret 2028**. Ditanyakan pukul 10.21 WIB."

var statusReply = bot.Reply{Messages: []bot.Message{{
	Text: statusText,
	Buttons: [][]bot.Button{
		{{Text: "🔑 Reset PIN", Action: bot.Action{Name: "reset"}, Style: bot.StylePrimary}},
		{{Text: "Panduan", Action: bot.Action{Name: "guide", Arg: "start"}}},
	},
}}}

func benchAdapter(b *testing.B, url string) *Adapter {
	b.Helper()
	a, err := New(Config{
		Token: "4242:secret", APIURL: url, Signer: bot.NewSigner([]byte("0123456789abcdef0123456789abcdef")), WebhookSecret: "s",
		Logger: slog.New(slog.DiscardHandler), Limits: Limits{Overall: rate.Inf, PerChat: rate.Inf},
	})
	if err != nil {
		b.Fatal(err)
	}
	return a
}

type nobody struct{}

func (nobody) Receive(context.Context, ...bot.Update) error { return nil }

// BenchmarkSendStatus renders and sends a typical answer.
func BenchmarkSendStatus(b *testing.B) {
	a := benchAdapter(b, benchServer(b))
	to := bot.Origin{Account: account(77), Chat: "77", Private: true, Message: "5"}
	perOp(b, func(int) {
		if err := a.Deliver(b.Context(), to, statusReply); err != nil {
			b.Fatal(err)
		}
	})
}

// BenchmarkSendPlainJSON is the floor: a ready text by a bare JSON POST.
func BenchmarkSendPlainJSON(b *testing.B) {
	url := benchServer(b) + "/bot4242:secret/sendMessage"
	client := &http.Client{}
	perOp(b, func(int) {
		body, err := json.Marshal(map[string]any{"chat_id": 77, "text": "🟢 Aktif\nUser sudah terdaftar dan memiliki sertifikat dengan status ISSUE\n\nBerlaku sampai 12 Maret 2028. Ditanyakan pukul 10.21 WIB.", "entities": []map[string]any{{"type": "bold", "offset": 3, "length": 5}, {"type": "bold", "offset": 92, "length": 13}}})
		if err != nil {
			b.Fatal(err)
		}
		req, err := http.NewRequestWithContext(b.Context(), http.MethodPost, url, bytes.NewReader(body))
		if err != nil {
			b.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/json")
		resp, err := client.Do(req)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, resp.Body); err != nil {
			b.Fatal(err)
		}
		if err := resp.Body.Close(); err != nil {
			b.Fatal(err)
		}
	})
}

// BenchmarkSendLibrary is the same text by the library's own call.
func BenchmarkSendLibrary(b *testing.B) {
	client, err := tg.New("4242:secret", tg.WithServerURL(benchServer(b)), tg.WithSkipGetMe(), tg.WithHTTPClient(0, &http.Client{}))
	if err != nil {
		b.Fatal(err)
	}
	board := &models.InlineKeyboardMarkup{InlineKeyboard: [][]models.InlineKeyboardButton{{{Text: "🔑 Reset PIN", CallbackData: "reset~~abcdef~0123456789ab"}}, {{Text: "Panduan", CallbackData: "guide~start~abcdef~0123456789ab"}}}}
	perOp(b, func(int) {
		text := Format(statusText)
		if _, err := client.SendMessage(b.Context(), &tg.SendMessageParams{ChatID: int64(77), Text: text.Text, Entities: text.Entities, ReplyMarkup: board}); err != nil {
			b.Fatal(err)
		}
	})
}

// BenchmarkWebhook takes a webhook call to the Receiver.
func BenchmarkWebhook(b *testing.B) {
	hook := benchAdapter(b, "http://127.0.0.1:1").Webhook(nobody{})
	body := []byte(`{"update_id":10000,"message":{"message_id":1365,"from":{"id":77,"is_bot":false,"first_name":"Sari","last_name":"Contoh","username":"saricontoh","language_code":"id"},"chat":{"id":77,"first_name":"Sari","last_name":"Contoh","username":"saricontoh","type":"private"},"date":1800000000,"text":"/status","entities":[{"offset":0,"length":7,"type":"bot_command"}]}}`)
	perOp(b, func(int) {
		r := httptest.NewRequestWithContext(b.Context(), http.MethodPost, "/", bytes.NewReader(body))
		r.Header.Set(secretHeader, "s")
		w := httptest.NewRecorder()
		hook.ServeHTTP(w, r)
		if w.Code != http.StatusOK {
			b.Fatal(w.Code)
		}
	})
}

// BenchmarkDecode compares decoding an update into what the bot needs with
// decoding it into the library's model.
func BenchmarkDecode(b *testing.B) {
	body, err := os.ReadFile("testdata/updates/press.json")
	if err != nil {
		b.Fatal(err)
	}
	b.Run("own", func(b *testing.B) {
		perOp(b, func(int) {
			if _, err := decode(body); err != nil {
				b.Fatal(err)
			}
		})
	})
	b.Run("library", func(b *testing.B) {
		perOp(b, func(int) {
			var u models.Update
			if err := json.Unmarshal(body, &u); err != nil {
				b.Fatal(err)
			}
		})
	})
}

// BenchmarkRender renders texts.
func BenchmarkRender(b *testing.B) {
	for name, text := range map[string]string{"status": statusText, "plain": "Halo Sari, ada yang bisa saya bantu?"} {
		b.Run(name, func(b *testing.B) { perOp(b, func(int) { Format(text) }) })
	}
	b.Run("keyboard", func(b *testing.B) {
		a := &Adapter{c: Config{Signer: bot.NewSigner([]byte("k")), Now: time.Now}}
		s := a.signer(bot.Origin{Account: account(77)})
		perOp(b, func(int) { _, _ = keys(statusReply.Messages[0].Buttons, s) })
	})
}
