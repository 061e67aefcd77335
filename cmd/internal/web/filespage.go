package web

import (
	"bytes"
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"

	"hexapla/cmd/internal/console"
	"hexapla/cmd/internal/handoff"
	"hexapla/pipeline"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/exchange"
)

// filesBody is the page to fetch and to bring bilingual files.
type filesBody struct {
	Locale   string
	Locales  []choice
	Routes   []fileRoute
	Formats  []choice
	Articles []string
	States   []choice
	Limit    string
	Result   *uploadResult
}

// fileRoute is what files can be fetched for: a target locale, and a source locale where
// the articles have several.
type fileRoute struct {
	Name, Query string
	Chosen      bool
}

// uploadResult is what became of an uploaded file.
type uploadResult struct {
	File     string   `json:"file"`
	Summary  string   `json:"summary"`
	Findings []string `json:"findings"`
	pipeline.ImportResult

	remarks []remark // the findings, for the page
}

// Remarks returns the findings.
func (u *uploadResult) Remarks() []remark { return u.remarks }

func (s *Server) showFiles(w http.ResponseWriter, r *request) error {
	return s.writeFiles(w, r, http.StatusOK, nil)
}

func (s *Server) writeFiles(w http.ResponseWriter, r *request, code int, result *uploadResult) error {
	locale := s.messageLocale(r)
	b := filesBody{Locale: locale, Limit: r.printer.Size(maxUpload), Result: result}
	for _, l := range r.project.targets() {
		b.Locales = append(b.Locales, choice{l, r.printer.Language(l), l == locale})
		sources := s.sourceLocales(r.project)
		for _, from := range sources {
			route := fileRoute{Name: r.printer.Language(l), Query: l + "?", Chosen: l == locale}
			if len(sources) > 1 {
				route.Name, route.Query = r.printer.Language(from)+" → "+route.Name, l+"?source="+url.QueryEscape(from)+"&"
			}
			if l != from {
				b.Routes = append(b.Routes, route)
			}
		}
	}
	for _, c := range pipeline.Codecs() {
		b.Formats = append(b.Formats, choice{c.Name, c.Name, false})
	}
	for _, a := range r.project.Articles {
		if b.Articles = append(b.Articles, a.Path); len(b.Articles) == 2000 {
			break
		}
	}
	b.States = []choice{{"", r.printer.Text("WebShowAll"), true}, {"missing", r.printer.Text("WebMissing"), false}, {"translated", r.printer.State(bitext.Translated), false}}
	return s.render(w, code, "files", s.newPage(r, "files", r.printer.Text("WebFiles"), b))
}

// download is GET /download and GET /api/v1/files: a bilingual file of an article, or of
// all of them.
func (s *Server) download(w http.ResponseWriter, r *request) error {
	_, locale := place(r)
	if !slices.Contains(r.project.targets(), locale) {
		return errNoArticle
	}
	q := r.URL.Query()
	codec, ok := pipeline.CodecNamed(q.Get("format"))
	if !ok || codec.Name != q.Get("format") {
		return &statusError{http.StatusBadRequest, r.printer.Text("WebFormatUnknown", console.Args{"Format": cleanLine(q.Get("format"))}), handoff.CodecNames()}
	}
	articles := r.project.Articles
	name := "all"
	if a := q.Get("article"); a != "" {
		source, ok := r.project.byPath[a]
		if !ok {
			return errNoArticle
		}
		articles, name = []pipeline.Source{source}, path.Base(a)
	}
	source, from := q.Get("source"), "" // from is that of the file so far
	var selection pipeline.Selection
	if st := q.Get("state"); st != "" {
		if !slices.Contains(pipeline.StateNames, st) {
			return &statusError{http.StatusBadRequest, r.printer.Text("WebStateUnknown", console.Args{"State": cleanLine(st)}), strings.Join(pipeline.StateNames, ", ")}
		}
		selection.States = []string{st}
	}
	out := &limitedBuffer{limit: maxDownload}
	enc, err := codec.Encode(out, exchange.Options{Locked: true})
	if err != nil {
		return err
	}
	batch := r.project.Clock().Format("20060102T150405Z-") + "web"
	_, err = r.project.Export(r.Context(), articles, []string{locale}, batch, selection, func(e pipeline.Exported) error {
		if source != "" && e.Route.Source != source || len(e.Units) == 0 {
			return nil
		}
		if from == "" {
			from = e.Route.Source
		}
		if codec.OneSource && e.Route.Source != from {
			return &statusError{http.StatusBadRequest, r.printer.Text("WebSourcesMixed"), strings.Join(s.sourceLocales(r.project), ", ")}
		}
		for _, u := range e.Units {
			if err := enc.Write(u); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		err = enc.Close()
	}
	if errors.Is(err, errTooLarge) {
		return newStatus(http.StatusRequestEntityTooLarge, r.printer.Text("WebFileLarge"))
	}
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name + "." + locale + codec.Extensions[0]}))
	_, err = w.Write(out.Bytes())
	return err
}

// maxDownload limits the bytes of a file that is made for a download.
const maxDownload = 256 << 20

var errTooLarge = errors.New("the file is too large")

type limitedBuffer struct {
	bytes.Buffer
	limit int
}

func (b *limitedBuffer) Write(p []byte) (int, error) {
	if b.Len()+len(p) > b.limit {
		return 0, errTooLarge
	}
	return b.Buffer.Write(p)
}

// upload is POST /files: a file of a translator comes in, by the decisions of an
// import.
func (s *Server) upload(w http.ResponseWriter, r *request) error {
	result, err := s.importFile(r)
	if err != nil {
		return err
	}
	code := http.StatusOK
	if !result.Stored && result.Refused > 0 {
		code = http.StatusUnprocessableEntity
	}
	if acceptsJSON(r.Request) {
		writeJSON(w, code, result)
		return nil
	}
	return s.writeFiles(w, r, code, result)
}

func (s *Server) importFile(r *request) (*uploadResult, error) {
	if r.MultipartForm == nil {
		if err := r.ParseMultipartForm(maxForm); err != nil {
			return nil, r.bodyError(err)
		}
	}
	defer r.MultipartForm.RemoveAll()
	f, header, err := r.FormFile("file")
	if err != nil {
		return nil, newStatus(http.StatusBadRequest, r.printer.Text("WebFileMissing"))
	}
	defer f.Close()
	return s.importFrom(r, r.FormValue("locale"), header.Filename, f, r.FormValue("partial") != "", r.FormValue("propagate") != "")
}

// apiUpload is POST /api/v1/files: the file is the body of the request.
func (s *Server) apiUpload(w http.ResponseWriter, r *request) error {
	q := r.URL.Query()
	result, err := s.importFrom(r, r.PathValue("locale"), q.Get("name"), r.Body, q.Get("partial") != "", q.Get("propagate") != "")
	if err != nil {
		return err
	}
	code := http.StatusOK
	if !result.Stored && result.Refused > 0 {
		code = http.StatusUnprocessableEntity
	}
	writeJSON(w, code, result)
	return nil
}

// importFrom imports a file of a translator. Only the last part of its name counts, and
// names nothing on this machine.
func (s *Server) importFrom(r *request, locale, filename string, content io.Reader, partial, propagate bool) (*uploadResult, error) {
	if !slices.Contains(r.project.targets(), locale) || !r.user.May(Translator, locale) {
		return nil, r.forbidden()
	}
	name := path.Base(strings.ReplaceAll(filename, "\\", "/"))
	codec, ok := pipeline.CodecNamed(handoff.InputExtension(name))
	if !ok {
		return nil, newStatus(http.StatusUnsupportedMediaType, r.printer.Text("WebFileType"))
	}
	o := pipeline.ImportOptions{Partial: partial, Propagate: propagate, Locale: locale, Author: r.user.Name, Note: "review page: " + cleanLine(name), File: name, Brief: true}
	if !r.user.May(Reviewer, locale) {
		o.State = bitext.Translated // a translator's file approves nothing
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), importTime)
	defer cancel()
	list, err := r.project.Decide(ctx, r.project.Articles, codec.Decode(name, content), o)
	if err != nil {
		return nil, r.bodyErrorOr(err)
	}
	stored, err := r.project.Project.Store(ctx, list)
	if err != nil {
		return nil, err
	}
	out := &uploadResult{File: name, ImportResult: stored, Findings: []string{}}
	for _, d := range list.Findings {
		x := findingIn(r.printer, d)
		out.remarks = append(out.remarks, x)
		if out.Findings = append(out.Findings, x.String()); len(out.Findings) == 200 {
			break
		}
	}
	out.Summary = r.printer.Text("WebImported", map[string]any{"Taken": stored.Taken, "Kept": stored.Kept, "Unchanged": stored.Unchanged, "Refused": stored.Refused})
	for _, v := range s.views.all() {
		if v.locale == locale {
			if _, _, err := s.refresh(ctx, r.project, v, func(string) bool { return true }); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

// bodyErrorOr returns the error of a body that is too large, else the error itself.
func (r *request) bodyErrorOr(err error) error {
	if errors.As(err, new(*http.MaxBytesError)) {
		return r.bodyError(err)
	}
	return err
}

// importTime is how long the import of an uploaded file may take.
const importTime = 5 * time.Minute
