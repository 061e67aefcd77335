package web

import (
	"io/fs"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	publicsite "hexapla/pipeline/site"
)

// previewTypes are the media types of the files of a project that a preview may show:
// images, styles and fonts. None of them can run a script where it is used; a picture in
// SVG that is opened by itself is in a sandbox.
var previewTypes = map[string]string{
	".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif", ".webp": "image/webp", ".avif": "image/avif", ".svg": "image/svg+xml", ".ico": "image/x-icon",
	".css": "text/css; charset=utf-8", ".woff": "font/woff", ".woff2": "font/woff2", ".ttf": "font/ttf", ".otf": "font/otf",
}

// previewRoots are the folders of a project in which an address that begins with "/" may
// be: its own, and those that site generators copy to the root of the site.
var previewRoots = []string{"", "static", "public"}

// previewFilePolicy is that of a file of a preview, for a browser that opens it by itself.
const previewFilePolicy = "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"

// mayHaveFiles reports whether a secret of the files of previews is that of a session of
// somebody who is a user still.
func (s *Server) mayHaveFiles(key string) bool {
	name, ok := s.sessions.filesUser(key)
	if ok && s.users != nil {
		_, ok = s.users.Find(name)
	}
	return ok
}

// previewFile is GET /preview-file: an image, a style sheet or a font of the project. The
// page of a preview has an origin of its own, from which browsers send no cookie: the
// address has a secret of the session instead, which opens nothing else.
func (s *Server) previewFile(w http.ResponseWriter, hr *http.Request) {
	name := hr.PathValue("name")
	kind := previewTypes[strings.ToLower(path.Ext(name))]
	if hr.Method != http.MethodGet && hr.Method != http.MethodHead || kind == "" || !isPreviewName(name) || !s.mayHaveFiles(hr.PathValue("key")) {
		http.NotFound(w, hr)
		return
	}
	p := s.acquire()
	defer p.release()
	file, err := p.Dir.OpenFile(name)
	if err != nil {
		http.NotFound(w, hr)
		return
	}
	defer file.Close()
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Content-Security-Policy", previewFilePolicy)
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	if strings.HasPrefix(kind, "font/") {
		h.Set("Access-Control-Allow-Origin", "null") // fonts are asked for with CORS
	}
	h.Set("Cache-Control", "private, no-cache")
	http.ServeContent(w, hr, "", modified(file), file)
}

// modified returns the time of the last change of a file.
func modified(f fs.File) time.Time {
	info, err := f.Stat()
	if err != nil {
		return time.Time{}
	}
	return info.ModTime()
}

// isPreviewName reports whether a path may be that of a file of a preview: below the
// folder of the project, and hidden nowhere on its way.
func isPreviewName(name string) bool {
	return fs.ValidPath(name) && name != "." && len(name) < 1000 && !strings.ContainsAny(name, "\\\x00:") &&
		!slices.ContainsFunc(strings.Split(name, "/"), func(part string) bool { return strings.HasPrefix(part, ".") })
}

// previewLinks leads the images and styles of the preview of an article to the files of
// the project.
type previewLinks struct {
	project *project
	article string // its path
	prefix  string // of the addresses of files
}

// address returns the address of the file that a page links to; false if the project has
// no such file, or it is of another kind.
func (l *previewLinks) address(link string) (string, bool) {
	u, err := url.Parse(strings.TrimSpace(link))
	if l == nil || err != nil || u.User != nil || u.Opaque != "" {
		return "", false
	}
	name := u.Path
	if u.IsAbs() || u.Host != "" {
		root, err := url.Parse(publicsite.Root(l.project.Config.Project.BaseURL))
		if err != nil || root.Host == "" || u.Host != root.Host || u.Scheme != "" && u.Scheme != root.Scheme {
			return "", false
		}
		name = "/" + strings.TrimPrefix(name, "/")
	}
	if previewTypes[strings.ToLower(path.Ext(name))] == "" {
		return "", false
	}
	var candidates []string
	if strings.HasPrefix(name, "/") {
		for _, root := range previewRoots {
			candidates = append(candidates, path.Join(root, path.Clean(name)))
		}
	} else {
		candidates = []string{path.Join(path.Dir(l.article), name)}
	}
	for _, c := range candidates {
		c = strings.TrimPrefix(c, "/")
		if !isPreviewName(c) {
			continue
		}
		if f, err := l.project.Dir.OpenFile(c); err == nil {
			_ = f.Close()
			return l.prefix + (&url.URL{Path: c, Fragment: u.Fragment}).String(), true
		}
	}
	return "", false
}

// srcset returns the addresses of an attribute srcset, each with its descriptor.
func (l *previewLinks) srcset(value string) (string, bool) {
	if strings.Contains(strings.ToLower(value), "data:") {
		return "", false // such an address has commas of its own
	}
	changed := false
	parts := strings.Split(value, ",")
	for i, part := range parts {
		fields := strings.Fields(part)
		if len(fields) == 0 {
			continue
		}
		if to, ok := l.address(fields[0]); ok {
			fields[0], changed = to, true
			parts[i] = strings.Join(fields, " ")
		}
	}
	return strings.Join(parts, ", "), changed
}

// tag returns a start tag whose links lead to files of the project; false if it has none.
func (l *previewLinks) tag(t html.Token) (string, bool) {
	if l == nil {
		return "", false
	}
	changed := false
	for i := range t.Attr {
		a := &t.Attr[i]
		to, ok := "", false
		switch {
		case a.Key == "srcset" && (t.DataAtom == atom.Img || t.DataAtom == atom.Source):
			to, ok = l.srcset(a.Val)
		case a.Key == "src" && (t.DataAtom == atom.Img || t.DataAtom == atom.Input), a.Key == "poster" && t.DataAtom == atom.Video,
			(a.Key == "href" || a.Key == "xlink:href") && t.DataAtom == atom.Image, t.DataAtom == 0 && t.Data == "image" && (a.Key == "href" || a.Key == "xlink:href"),
			a.Key == "background" && (t.DataAtom == atom.Body || t.DataAtom == atom.Table || t.DataAtom == atom.Td):
			to, ok = l.address(a.Val)
		case a.Key == "href" && t.DataAtom == atom.Link && isStyle(t):
			to, ok = l.address(a.Val)
		}
		if ok {
			a.Val, changed = to, true
		}
	}
	return t.String(), changed
}

// isStyle reports whether a link element is that of a style sheet.
func isStyle(t html.Token) bool {
	return slices.ContainsFunc(t.Attr, func(a html.Attribute) bool {
		return a.Key == "rel" && slices.Contains(strings.Fields(strings.ToLower(a.Val)), "stylesheet")
	})
}

// previewPolicy gives the page of a preview an origin of its own, in which nothing of
// ours can be read, and lets it run no script, send no form and ask nothing of any server
// but for the files below an address.
func previewPolicy(files string) string {
	return "sandbox; default-src 'none'; img-src data: " + files + "; style-src 'unsafe-inline' " + files + "; font-src data: " + files +
		"; form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
}

// filesAddress returns the address of the files of a project for the previews of a
// session, as the browser knows this server.
func (s *Server) filesAddress(r *request) string {
	return s.origin.Scheme + "://" + r.Host + "/preview-file/" + r.session.files + "/"
}
