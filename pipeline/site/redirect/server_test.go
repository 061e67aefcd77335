package redirect

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// serverTests are configurations with which a server reads the file of its kind; DIR is a
// folder, FILE that file, and PORT a port of this computer.
var serverTests = []struct {
	kind, program, config string
	args                  []string
	required              bool // where engines are
}{
	{Apache, "apache2", `ServerRoot DIR
ServerName localhost
Listen 127.0.0.1:PORT
PidFile DIR/pid
ErrorLog DIR/errors
DocumentRoot DIR
LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so
LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so
LoadModule alias_module /usr/lib/apache2/modules/mod_alias.so
User #1
Group #1
Include FILE
`, []string{"-X", "-f", "DIR/config"}, true},
	{Nginx, "nginx", `daemon off; master_process off; pid DIR/pid; error_log DIR/errors;
events {}
http { access_log off; client_body_temp_path DIR/1; proxy_temp_path DIR/2; fastcgi_temp_path DIR/3; uwsgi_temp_path DIR/4; scgi_temp_path DIR/5;
server { listen 127.0.0.1:PORT; root DIR; absolute_redirect off; include FILE; } }
`, []string{"-p", "DIR", "-c", "DIR/config"}, false},
	{Caddy, "caddy", "{\n\tadmin off\n\tauto_https off\n}\nhttp://127.0.0.1:PORT {\n\timport FILE\n\trespond 404\n}\n",
		[]string{"run", "--adapter", "caddyfile", "--config", "DIR/config"}, false},
}

// The servers themselves lead from each former address to the new one, and from no other.
func TestServers(t *testing.T) {
	const host = "https://x.example"
	rules := []Rule{
		{host + "/fa/%D8%B4%D8%A8.html", host + "/fa/%D8%B1%D9%88%D8%B2-%D9%84.html"},
		{host + "/ru/a%7Bb%7D.html", host + "/ru/c%20d$1.html"},
		{host + "/ru/p*q.html", host + "/ru/%D0%B6%25x.html"},
		{host + "/ru/%5B1%5D(2)+.html", "https://y.example/%D0%B6.html?a=%D0%B6"},
		{host + "/ru/back%5Cslash%22q.html", host + "/ru/%7Bpath%7D.html"},
		{host + "/ru/dollar$uri.html", host + "/ru/&amp.html"},
		{host + "/ru/pct%2541.html", host + "/ru/pct%2542.html"},
		{host + "/ru/Case.html", host + "/ru/case.html"},
		{host + "/ru/b.html", host + "/ru/d%5C$1%22e.html"},
	}
	for _, test := range serverTests {
		t.Run(test.kind, func(t *testing.T) {
			program, err := exec.LookPath(test.program)
			if err != nil {
				if test.required && os.Getenv("HEXAPLA_REQUIRE_ENGINES") == "1" {
					t.Fatalf("%s is not installed", test.program)
				}
				t.Skipf("%s is not installed", test.program)
			}
			address := startServer(t, program, test.kind, test.config, test.args, File(test.kind, rules))
			client := http.Client{Timeout: time.Minute, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
			get := func(path string) (int, string) {
				response, err := client.Get("http://" + address + path)
				if err != nil {
					t.Fatal(err)
				}
				defer response.Body.Close()
				return response.StatusCode, strings.TrimPrefix(response.Header.Get("Location"), "http://"+address)
			}
			same := func(a, b string) bool { // escapes are the server's own
				u, err := url.Parse(a)
				v, err2 := url.Parse(b)
				return err == nil && err2 == nil && u.Host == v.Host && u.Path == v.Path && u.RawQuery == v.RawQuery
			}
			for _, r := range rules {
				status, to := get(strings.TrimPrefix(r.From, host))
				if status != http.StatusMovedPermanently || !same(to, strings.TrimPrefix(r.To, host)) {
					t.Errorf("%s: %d %s, want %s", r.From, status, to, r.To)
				}
			}
			for _, path := range []string{"/ru/case.html", "/ru/pXXq.html", "/ru/bxhtml", "/ru/b.html/more"} {
				if status, to := get(path); status/100 == 3 {
					t.Errorf("%s: %d %s", path, status, to)
				}
			}
		})
	}
}

// startServer runs a server with a file of redirects until the test ends, and returns its
// address.
func startServer(t *testing.T, program, kind, config string, args []string, file []byte) string {
	t.Helper()
	dir := t.TempDir()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := free.Addr().String()
	free.Close()
	_, port, _ := net.SplitHostPort(address)
	fill := strings.NewReplacer("DIR", dir, "PORT", port, "FILE", filepath.Join(dir, "redirects")).Replace
	for name, data := range map[string]string{"redirects": string(file), "config": fill(config)} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for i := range args {
		args[i] = fill(args[i])
	}
	ctx, stop := context.WithCancel(context.Background())
	command := exec.CommandContext(ctx, program, args...)
	command.Env = append(os.Environ(), "HOME="+dir)
	var out strings.Builder
	command.Stdout, command.Stderr = &out, &out
	if err := command.Start(); err != nil {
		stop()
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- command.Wait() }()
	t.Cleanup(func() {
		stop()
		<-ended
	})
	for until := time.Now().Add(2 * time.Minute); time.Now().Before(until); time.Sleep(50 * time.Millisecond) {
		if c, err := net.Dial("tcp", address); err == nil {
			c.Close()
			return address
		}
		select {
		case err := <-ended:
			ended <- err
			errors, _ := os.ReadFile(filepath.Join(dir, "errors"))
			t.Fatal(fmt.Sprint(kind, " ended: ", err, "\n", out.String(), string(errors)))
		default:
		}
	}
	t.Fatalf("%s does not listen on %s", kind, address)
	return ""
}
