package web

import (
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"

	"hexapla/cmd/internal/console"
	"hexapla/locales"
)

// staticTag identifies the static files of this program.
var staticTag = sync.OnceValue(func() string {
	h := sha256.New()
	names, _ := fs.Glob(files, "static/*")
	for _, name := range names {
		data, _ := files.ReadFile(name)
		h.Write(data)
	}
	return `"` + hex.EncodeToString(h.Sum(nil)[:12]) + `"`
})

// loginBody is the form to log in. WithToken is without users.
type loginBody struct {
	Next      string
	Name      string
	Error     string
	WithToken bool
}

func (s *Server) showLogin(w http.ResponseWriter, hr *http.Request) {
	s.writeLogin(w, hr, http.StatusOK, "")
}

func (s *Server) writeLogin(w http.ResponseWriter, hr *http.Request, code int, message string) {
	p := console.Printer{Locale: s.languageOf(hr)}
	next := localPath(hr.FormValue("next"))
	if next == "/" && hr.URL.Path != "/login" {
		next = localPath(hr.URL.RequestURI())
	}
	err := s.render(w, code, "login", page{
		L: labels(p), Lang: p.Locale, Dir: locales.Direction(p.Locale), Theme: theme(hr), Title: p.Text("WebLogIn"),
		Body: loginBody{Next: next, Name: hr.PostFormValue("name"), Error: message, WithToken: s.users == nil},
	})
	if err != nil {
		s.log("%v", err)
	}
}

// logIn is POST /login. A session that the browser had before is not used again.
func (s *Server) logIn(w http.ResponseWriter, hr *http.Request) {
	p := console.Printer{Locale: s.languageOf(hr)}
	if err := hr.ParseForm(); err != nil {
		http.Error(w, err.Error(), http.StatusRequestEntityTooLarge)
		return
	}
	name, from, now := hr.PostForm.Get("name"), network(hr.RemoteAddr), time.Now()
	if !s.networkLimit.allow(from, now) || s.users != nil && !s.loginLimit.allow(name+"\x00"+from, now) {
		w.Header().Set("Retry-After", "60")
		s.writeLogin(w, hr, http.StatusTooManyRequests, p.Text("WebTooOften"))
		return
	}
	user, ok := s.local, equalSecrets(strings.TrimSpace(hr.PostForm.Get("token")), s.token)
	if s.users != nil {
		user, ok = s.users.Check(name, hr.PostForm.Get("password"))
	}
	if !ok {
		s.log("log-in refused: %q from %s", name, hr.RemoteAddr)
		s.writeLogin(w, hr, http.StatusForbidden, p.Text("WebLogInWrong"))
		return
	}
	if old := s.sessions.find(hr); old != nil {
		s.sessions.end(old)
	}
	s.setSession(w, s.sessions.begin(user))
	http.Redirect(w, hr, localPath(hr.PostForm.Get("next")), http.StatusSeeOther)
}

func (s *Server) logOut(w http.ResponseWriter, r *request) error {
	if r.session != nil {
		s.sessions.end(r.session)
	}
	http.SetCookie(w, s.cookie(s.sessions.name, "", -time.Second))
	http.Redirect(w, r.Request, "/login", http.StatusSeeOther)
	return nil
}

// settingsBody is the page of settings. CanRename is without users: everybody who has
// the address may use a name of their own.
type settingsBody struct {
	Languages []choice
	Themes    []choice
	CanRename bool
	Name      string
	Back      string
}

// choice is one of several values in a form.
type choice struct {
	Value, Name string
	Chosen      bool
}

func (s *Server) showSettings(w http.ResponseWriter, r *request) error {
	b := settingsBody{CanRename: s.users == nil && r.session != nil, Name: r.user.Name, Back: backFrom(r)}
	for _, l := range languages {
		b.Languages = append(b.Languages, choice{l, locales.LanguageName(l, l), l == r.printer.Locale})
	}
	for i, name := range []string{r.printer.Text("WebThemeSystem"), r.printer.Text("WebThemeLight"), r.printer.Text("WebThemeDark")} {
		b.Themes = append(b.Themes, choice{themes[i], name, theme(r.Request) == themes[i]})
	}
	return s.render(w, http.StatusOK, "settings", s.newPage(r, "settings", r.printer.Text("WebSettings"), b))
}

// backFrom returns the page of this site that a person came from.
func backFrom(r *request) string {
	u, err := url.Parse(r.Referer())
	if err != nil || u.Host != r.Host || u.Path == "/settings" || u.Path == "/login" {
		return "/"
	}
	return localPath(u.RequestURI())
}

func (s *Server) saveSettings(w http.ResponseWriter, r *request) error {
	const year = 365 * 24 * time.Hour
	if l := r.PostFormValue("language"); slices.Contains(languages, l) {
		http.SetCookie(w, s.cookie(languageCookie, l, year))
	}
	if t := r.PostFormValue("theme"); slices.Contains(themes, t) {
		http.SetCookie(w, s.cookie(themeCookie, t, year))
	}
	if name := r.PostFormValue("name"); s.users == nil && r.session != nil && name != "" {
		name = strings.Join(strings.FieldsFunc(strings.ToValidUTF8(name, ""), func(c rune) bool { return unicode.IsSpace(c) || unicode.IsControl(c) }), " ")
		if len(name) > 100 || name == "" {
			return newStatus(http.StatusBadRequest, r.printer.Text("WebNameWrong"))
		}
		s.sessions.rename(r.session, name)
	}
	http.Redirect(w, r.Request, localPath(r.PostFormValue("back")), http.StatusSeeOther)
	return nil
}

func (s *Server) showKeys(w http.ResponseWriter, r *request) error {
	return s.render(w, http.StatusOK, "keys", s.newPage(r, "keys", r.printer.Text("WebKeys"), nil))
}
